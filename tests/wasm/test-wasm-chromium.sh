#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A page of Chromium, served without special headers, reads a disk image that the user has
# chosen, and an array on several images, and writes an image in the origin's own files.  If the
# page is closed during writes, all synced data is in the image.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

export ANYFS_NPM=$ts/package.json
make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
disk=$img
image_ext4 tree ext4.img

run python3 "$here/../image/make-md.py" 1.2 5 "$img" a b c
wasm chromium.mjs "$disk" fat-tree tree "$img" changed.img cut.img a b c
run e2fsck -fn changed.img
anyfs cat changed.img "/from a page/text" | expect "written in a page"
anyfs cat changed.img /renamed | expect 'NAME="anyfs test"'
refuse "os-release" anyfs cat changed.img /os-release

# After the replay of the journal the file system must be clean.
fsck.ext4 -p cut.img >fsck.out 2>&1 || [ $? -eq 1 ] || fail "$(cat fsck.out)"
run e2fsck -fn cut.img
for number in $(seq 12); do
	awk -v n="$number" "BEGIN { for (i = 0; i < 20000; i++) print n }" >want
	anyfs cat cut.img "/file-$number" >got 2>/dev/null || anyfs cat cut.img "/old-$number" >got
	same got want
done
