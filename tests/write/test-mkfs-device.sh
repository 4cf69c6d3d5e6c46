#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# mkfs refuses a block device that the host has mounted as a whole or in a partition,
# also with --force.  It makes a file system on other devices.
# root: it mounts a loop device
. "${0%/*}/../lib.sh"
needs_loop
requires mkfs.ext4 -V
truncate -s 40M d.img
mkfs.ext4 -q d.img
dev=$(losetup -f --show d.img)
at_exit "losetup -d $dev"
mkdir host
mount "$dev" host
at_exit "mountpoint -q host && umount host"
echo kept >host/file
sync
for words in "$dev vfat" "$dev ext4" "--offset 1M $dev vfat"; do
	# shellcheck disable=SC2086  # several words
	refuse "$dev: block device in use by the host; unmount it there first" \
		anyfs mkfs --force $words
done
expect kept <host/file
umount host
run anyfs mkfs --force --json "$dev" vfat | matches '"files": 1' || fail "not counted"
run anyfs info "$dev" | matches vfat || fail "not made"
run anyfs mkfs --force --offset 4M "$dev" ext4 >mkfs.log
run anyfs ls --offset 4M "$dev" | expect lost+found
