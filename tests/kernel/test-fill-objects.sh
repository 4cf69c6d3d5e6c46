#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Open files, pipes, watches, locks, mounts and threads are created until memory or a limit is
# reached: calls fail, the kernel keeps running, and the image is clean.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.xfs
for fs in ext4 xfs; do
	rm -f disk.img
	scratch_image 320M
	case $fs in
	ext4)	mkfs.ext4 -q "$img" ;;
	xfs)	mkfs.xfs -q "$img" ;;
	esac
	program kernel/fill-objects "$img" $fs
	case $fs in
	ext4)	run e2fsck -fn "$img" ;;
	xfs)	run xfs_repair -n "$img" ;;
	esac
done
