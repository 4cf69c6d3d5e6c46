#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A partition that is not there, one without a file system, a broken one.
. "${0%/*}/../lib.sh"
mkdir efi root
echo x >efi/x
echo y >root/y
image_gpt efi root
refuse "p3" anyfs ls "$img" /p3
refuse "p0" anyfs ls "$img" /p0
refuse "etc" anyfs cat "$img" /etc/passwd
refuse "p99999999999" anyfs ls "$img" /p99999999999
# Wipe the ext4 superblock of the second partition: the first still works.
dd if=/dev/zero of="$img" bs=1K seek=$((17 * 1024 + 1)) count=1 conv=notrunc status=none
refuse "p2" anyfs ls "$img" /p2
run anyfs cat "$img" /p1/x | expect x
