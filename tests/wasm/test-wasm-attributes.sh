#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# @anyfs/core changes owners, modes, times, links and extended attributes, and the native tools
# find the changes.  It reports the free space, and can be stopped while it removes a tree.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
image_ext4 tree ext4.img
debugfs -w -R "mknod node b 8 300" "$img" 2>log || fail "$(cat log)"
wasm attributes.mjs "$img"
run e2fsck -fn "$img"
anyfs stat "$img" /os-release >stat.txt
for text in 0640 1234:5678 2017-07-14; do
	grep -q "$text" stat.txt || fail "no $text in: $(cat stat.txt)"
done
anyfs getfattr -n user.comment "$img" /os-release | grep -q "a comment" || fail "no attribute"
