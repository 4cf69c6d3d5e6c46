#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application opens a GPT disk and shows its partitions and files, unlocks LUKS with the
# right password only, and explains files that are not disks and addresses that do not work.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
disk=$img
image_ext4 tree ext4.img
printf secret >key
luks_image ext4.img luks.img
truncate -s 4M nothing
luks_image nothing empty.img
printf '\x89PNG\r\n\x1a\n' >picture.img
head -c 100000 /dev/zero >>picture.img
# The checksum of the superblock is wrong.
image_ext4 tree damaged.img
printf x | dd of=damaged.img bs=1 seek=1300 conv=notrunc status=none

web app-open.mjs "$disk" luks.img picture.img damaged.img empty.img
