#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# After changes of file contents in any order (contents.c has the list), the mount shows
# the right contents, and so does the image afterwards: ext4, xfs and btrfs.  ANYFS_SEED
# chooses other changes, ANYFS_CALLS makes it longer.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
: "${ANYFS_SEED:=1}" "${ANYFS_CALLS:=3000}"
contents=$ANYFS_BUILD/meson/tests/fuse/contents
for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	# With one thread, a request that waits for an answer of the same thread would never
	# end.
	for threads in 1 4; do
		mount_image --write -o threads=$threads
		pids=()
		for n in 1 2; do
			mkdir -p "$mnt/$threads$n" "model/$threads$n"
			timeout 300 "$contents" "$mnt/$threads$n" $((ANYFS_SEED + n)) "$ANYFS_CALLS" \
				"$PWD/model/$threads$n" &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			wait "$pid" || fail "$fs, $threads threads: exit $?"
		done
		umount_image
	done
	fsck_image $fs
	mount_image
	run diff -r model "$mnt" -x lost+found
	umount_image
	rm -r model
done
