#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb refuses a missing partition, a malformed partition path and a partition
# without a file system.  Other partitions of the disk can be used.
. "${0%/*}/lib-errors.sh"
mkdir efi root
echo x >efi/x
echo y >root/y
image_gpt efi root
before=$(sha256sum "$img")
refused() { refuse "$text" anyfs "$@"; }
text="partition 3" every_verb refused "$img" /p3
text="partition 0" every_verb refused "$img" /p0/x
text=etc every_verb refused "$img" /etc/passwd
text=p99999999999 every_verb refused "$img" /p99999999999
# Nothing can be created beside the partitions.
refuse "partitions" anyfs mkdir "$img" /new
refuse "partitions" anyfs touch "$img" /new
refuse "/p1|root of its file system" anyfs rm -r "$img" /p1
refuse "partitions" anyfs tar-in "$img" /
[ "$before" = "$(sha256sum "$img")" ] || fail "the image was changed"
# Wipe the ext4 superblock of the second partition: the first still works.
dd if=/dev/zero of="$img" bs=1K seek=$((17 * 1024 + 1)) count=1 conv=notrunc status=none
text=p2 every_verb refused "$img" /p2/y
run anyfs cat "$img" /p1/x | expect x
echo new | run anyfs put "$img" - /p1/new
run anyfs cat "$img" /p1/new | expect new
