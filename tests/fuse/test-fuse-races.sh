#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Many processes make conflicting calls at the same time (races.py).  Of calls that
# exclude each other exactly one succeeds, and files that were created and removed
# leak no memory of the process of the mount.  ext4, xfs and btrfs are tested.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version
races=$ANYFS_TOP/tests/fuse/races.py
mkdir host
run python3 "$races" host results	# the host passes the same checks
# Memory of the process in KiB, without the kernel's memory, which is marked "dc" (not
# inherited by fork).
private_memory() {
	awk '/^Anonymous:/ { size = $2 }
	     /^VmFlags:/ && !/ dc/ { sum += size }
	     END { print sum }' "/proc/$pid/smaps"
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	anyfs-fuse -f --write "$img" "$mnt" &
	pid=$!
	at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for grep -q " $mnt .* fuse.anyfs " /proc/self/mountinfo
	used=()
	least=1000000
	for round in 1 2 3 4 5; do
		mkdir "$mnt/$round"
		run python3 "$races" "$mnt/$round" "results.$round"
		rm -r "$mnt/${round:?}"
		used+=("$(private_memory)")
		[ $round = 1 ] || more=$((used[-1] - used[-2]))
		[ $round = 1 ] || [ "$more" -ge "$least" ] || least=$more
	done
	# Each round creates thousands of names: a leak of 64 bytes a name would be in all of them.
	[ "$least" -lt 300 ] || fail "$fs: KiB after each round: ${used[*]}"
	umount_image
	wait $pid || fail "$fs: exit $?"
	fsck_image $fs
done
