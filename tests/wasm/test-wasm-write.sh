#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel writes ext4 and vfat; the file systems' own checkers and our native tool
# find the changes.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

# check IMAGE: the native kernel reads what write.mjs wrote.
check() {
	anyfs cat "$1" /dir/text | expect "SECo"
	anyfs cat "$1" /dir/sub/renamed | expect "old"
	anyfs cat "$1" /dir/sub/big >got
	same got big
	anyfs cat "$1" /dir/stream >got
	same got big
	anyfs ls "$1" / | grep -v lost+found | expect "dir"
}

mkdir tree
echo old >tree/old

image_ext4 tree ext4.img
wasm write.mjs "$img"
run e2fsck -fn "$img"
check "$img"

image_vfat tree vfat.img 32M
wasm write.mjs "$img"
run fsck.vfat -n "$img"
check "$img"
