#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel has 32 bits, and reads and writes disks and files of more than 4 GiB, in Node.js
# and in a page.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires sgdisk --version

make_unix_tree tree
image_ext4 tree ext4.img
truncate -s 6G disk.img
run sgdisk -n 1:5G:+64M disk.img >/dev/null
dd if="$img" of=disk.img bs=1M seek=5120 conv=notrunc,sparse status=none
wasm large.mjs write disk.img /p1
wasm large.mjs read disk.img /p1
chromium large.mjs read disk.img /p1
anyfs cat disk.img /p1/new | expect "beyond 4 GiB"
dd if=disk.img of=part.img bs=1M skip=5120 count=64 conv=sparse status=none
run e2fsck -fn part.img

# A page that writes stores a copy of the whole image, so this one is small.
chromium large.mjs write ext4.img /
chromium large.mjs read ext4.img /
wasm large.mjs read ext4.img /
run e2fsck -fn ext4.img
