#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# After kill -9 of a mount during writes the journal repairs the file system, and synced data
# is there: ext4, xfs and btrfs.  A read-only mount shows the synced data too, and does not
# change the journal.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
: "${ANYFS_KILLS:=2}"			# of each file system
# Create and remove files of all sizes until writing fails.
churn() {
	local n=0
	while echo "$n" >"$mnt/d$1/file$n" && head -c $((n * 997 % 200000)) /dev/zero >>"$mnt/d$1/file$n"; do
		[ $((n % 3)) -ne 0 ] || rm "$mnt/d$1/file$((n / 2))" || true
		[ $((n % 7)) -ne 0 ] || mv "$mnt/d$1/file$n" "$mnt/d$1/moved$n" || true
		n=$((n + 1))
	done 2>/dev/null
}
all_there() {
	local i name
	for ((i = 1; i <= round; i++)); do
		for name in synced file moved/ dsync; do
			expect "$i" <"$mnt/$name$i"
		done
		# After a replay, btrfs sometimes has the old name too.
		[ $fs = btrfs ] || [ ! -e "$mnt/moving$i" ] || fail "$fs: the old name is still there"
	done
}
for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	for ((round = 1; round <= ANYFS_KILLS; round++)); do
		anyfs-fuse -f --write "$img" "$mnt" &
		pid=$!
		wait_for grep -q " $mnt .*fuse.anyfs" /proc/self/mountinfo
		mkdir -p "$mnt/d1" "$mnt/d2"
		churn 1 & churn 2 &
		# churn() keeps these two files.
		wait_for test -e "$mnt/d1/file41"
		echo "$round" >"$mnt/synced$round"
		sync "$mnt/synced$round" "$mnt"
		wait_for test -e "$mnt/d2/file80"
		# Each is synced differently: by fsync of the file, by fsync of the directory,
		# by O_DSYNC.
		echo "$round" >"$mnt/file$round" && sync "$mnt/file$round"
		mkdir -p "$mnt/moved" && echo "$round" >"$mnt/moving$round"
		sync -d "$mnt/moving$round"
		mv "$mnt/moving$round" "$mnt/moved/$round" && sync "$mnt/moved"
		echo "$round" | dd of="$mnt/dsync$round" oflag=dsync status=none
		kill -9 $pid
		wait $pid || true
		umount -l "$mnt"
		wait
		changed=$(stat -c '%y %z' "$img")
		mount_image -o ro
		all_there
		umount_image
		[ "$(stat -c '%y %z' "$img")" = "$changed" ] || fail "$fs: written to by a read-only mount"
		# Replay the journal with our kernel, then check with the file system's own tool.
		mount_image --write
		all_there
		umount_image
		fsck_image $fs
	done
done
