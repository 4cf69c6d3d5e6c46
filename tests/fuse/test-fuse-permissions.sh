#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Three users make four hundred calls, allowed and forbidden ones
# (permissions.calls).  A mount answers each like the host's own mount of the same
# file system, and fsck finds no error.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
needs_loop
calls=$ANYFS_BUILD/meson/tests/fuse/calls
script=$ANYFS_TOP/tests/fuse/permissions.calls
lacking=
mkdir host
for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	if ! mount -o loop "$img" host; then
		lacking+=" $fs"
		continue
	fi
	at_exit "umount host"
	run "$calls" host <"$script" >want
	umount host
	unset 'cleanups[-1]'
	for error in EACCES EPERM; do
		[ "$(grep -c -e "-> $error" want)" -gt 30 ] || fail "the host checks no permissions"
	done
	image_of $fs 512M
	mount_image --write -o allow_other
	run "$calls" "$mnt" <"$script" >got
	umount_image
	fsck_image $fs
	diff want got || fail "$fs: differs from the host"
done
[ -z "$lacking" ] || skip "the host cannot mount$lacking to compare with"
