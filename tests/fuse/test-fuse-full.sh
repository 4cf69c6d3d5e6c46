#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the file system is full, a program that writes gets an error from write, close or
# fsync; one that writes without end gets it from write.  Accepted data is stored, and
# removing files frees space. ext4, xfs and btrfs are tested.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
head -c 20M /dev/urandom >data

for fs in ext4 xfs btrfs; do
	size=320M
	[ $fs = ext4 ] && size=100M
	image_of $fs $size
	mount_image --write
	# Fill by copies, by allocation, with fsync, and with O_DIRECT: each gets the error.
	n=0
	while cp data "$mnt/$n" 2>err; do
		n=$((n + 1))
		[ $n -lt 50 ] || fail "$fs: 50 files of 20 MB in $size"
	done
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	[ $n -gt 1 ] || fail "$fs: only $n files"
	rm -f "$mnt/$n"
	if fallocate -l 400M "$mnt/allocated" 2>err; then fail "$fs: more blocks are allocated than the disk has"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	rm -f "$mnt/allocated"
	if dd if=/dev/zero of="$mnt/synced" bs=1M count=400 conv=fsync 2>err; then fail "$fs: not reported"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	if dd if=/dev/zero of="$mnt/direct" bs=1M count=400 oflag=direct 2>err; then fail "$fs: not reported"; fi
	grep -q 'No space left on device' err || fail "$fs: $(cat err)"
	rm -f "$mnt/synced" "$mnt/direct"
	code=0
	timeout 300 dd if=/dev/zero of="$mnt/endless" bs=1M 2>err || code=$?
	[ $code -eq 1 ] || fail "$fs: a program that writes without end is not stopped: exit $code"
	grep -q 'error writing.*No space left on device' err || fail "$fs: $(cat err)"
	# write, fsync and close report the error once; data that needs no room can be written.
	if sync "$mnt/endless" 2>err; then fail "$fs: fsync does not report the lost data"; fi
	# btrfs needs room to overwrite, too.
	[ $fs = btrfs ] || run dd if=/dev/zero of="$mnt/endless" bs=1M count=1 conv=notrunc,fsync status=none
	cmp -n 1048576 /dev/zero "$mnt/endless" || fail "$fs: the file cannot be read"
	rm "$mnt/endless"
	# Accepted writes are complete.
	for ((i = 0; i < n; i++)); do same data "$mnt/$i"; done
	rm "$mnt/0"
	run sync "$mnt"
	run cp data "$mnt/again"
	code=0
	anyfs-umount "$mnt" 2>err || code=$?
	unset 'cleanups[-1]'
	[ $code -eq 0 ] || grep -q 'some data could not be written' err || fail "$fs: $(cat err)"
	fsck_image $fs
	mount_image
	for ((i = 1; i < n; i++)); do same data "$mnt/$i"; done
	same data "$mnt/again"
	umount_image
done
