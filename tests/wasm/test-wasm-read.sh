#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel reads ext4 and vfat, alone and in partitions, from files and
# Blobs, and changes nothing.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

unchanged() {
	local before
	before=$(sha256sum <"$1")
	shift
	"$@"
	[ "$(sha256sum <"$img")" = "$before" ] || fail "the image has changed: $*"
}

make_tree fat-tree
make_unix_tree tree

image_vfat fat-tree vfat.img 32M
unchanged "$img" wasm compare.mjs "$img" / fat-tree

image_ext4 tree ext4.img
unchanged "$img" wasm compare.mjs "$img" / tree

image_gpt fat-tree tree
unchanged "$img" wasm compare.mjs "$img" /p1 fat-tree
unchanged "$img" wasm compare.mjs "$img" /p2 tree
unchanged "$img" wasm blob.mjs "$img" /p2 tree
