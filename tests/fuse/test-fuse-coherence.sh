#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A change by one name, descriptor or mapping of a file is visible by all others at
# once (coherence.py): on ext4, xfs and btrfs like on the host's file system, and on vfat,
# where "a" and "A" are the same name. fsck finds no error.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version
coherence=$ANYFS_TOP/tests/fuse/coherence.py
mkdir host
run python3 "$coherence" host		# the host passes the same checks
for fs in ext4 xfs btrfs vfat; do
	# With default_permissions the host computes the mode that an ACL sets, otherwise our
	# kernel.
	for option in default_permissions rw; do
		image_of $fs 512M
		mount_image --write -o $option
		if [ $fs = vfat ]; then
			run python3 "$coherence" "$mnt" fold
		else
			run python3 "$coherence" "$mnt"
		fi
		umount_image
		fsck_image $fs
	done
done
