#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to ext2, ext3 and ext4 and read back.
. "${0%/*}/lib-fs.sh"
check() { e2fsck -fn "$1"; }
for type in ext2 ext3 ext4; do
	scratch_image 64M
	run "mkfs.$type" -q "$img"
	writable $type "$img" check
	rm "$img"
done
verdict
