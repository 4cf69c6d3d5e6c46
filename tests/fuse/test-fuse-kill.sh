#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kill -9 while it is written to leaves what the journal can put right, and what
# was synced: ext4, xfs and btrfs.  A read-only mount shows it too, and leaves the
# journal as it is.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
: "${ANYFS_KILLS:=2}"			# of each file system
# Files of all sizes come and go until nothing can be written any more.
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
		# The log of btrfs, replayed, sometimes has the old name too.
		[ $fs = btrfs ] || [ ! -e "$mnt/moving$i" ] || fail "$fs: the old name is there too"
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
		wait_for test -e "$mnt/d1/file40"
		echo "$round" >"$mnt/synced$round"
		sync "$mnt/synced$round" "$mnt"
		wait_for test -e "$mnt/d2/file80"
		# Durable by the fsync of a file alone, of a directory alone, of each write.
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
		# The journal, by the kernel that wrote it; then what others think of it.
		mount_image --write
		all_there
		umount_image
		fsck_image $fs
	done
done
