#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system that is full: who writes is told, at the latest when he closes or
# syncs, what was told to be written is there, and room comes back with what is removed;
# on ext4, xfs and btrfs.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
head -c 20M /dev/urandom >data

for fs in ext4 xfs btrfs; do
	size=320M
	[ $fs = ext4 ] && size=100M
	image_of $fs $size
	mount_image --write
	# By copies, by allocation, with fsync, without a cache: each comes to an end.
	n=0
	while cp data "$mnt/$n" 2>err; do
		n=$((n + 1))
		[ $n -lt 50 ] || fail "$fs: 50 files of 20 MB in $size"
	done
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	[ $n -gt 1 ] || fail "$fs: only $n files"
	rm -f "$mnt/$n"
	if fallocate -l 400M "$mnt/allocated" 2>err; then fail "$fs: more is allocated than there is"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	rm -f "$mnt/allocated"
	if dd if=/dev/zero of="$mnt/synced" bs=1M count=400 conv=fsync 2>err; then fail "$fs: not told"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	if dd if=/dev/zero of="$mnt/direct" bs=1M count=400 oflag=direct 2>err; then fail "$fs: not told"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	rm -f "$mnt/synced" "$mnt/direct"
	# What was not refused is whole.
	for ((i = 0; i < n; i++)); do same data "$mnt/$i"; done
	rm "$mnt/0"
	run sync "$mnt"
	run cp data "$mnt/again"
	code=0
	anyfs-umount "$mnt" 2>err || code=$?
	unset 'cleanups[-1]'
	[ $code -eq 0 ] || grep -q 'not everything could be written' err || fail "$fs: $(cat err)"
	fsck_image $fs
	mount_image
	for ((i = 1; i < n; i++)); do same data "$mnt/$i"; done
	same data "$mnt/again"
	umount_image
done
