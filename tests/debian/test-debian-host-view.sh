#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: the host kernel mounts the image
# The library kernel and the host's kernel show the same files of the demo's disk,
# with the same attributes and contents.
. "${0%/*}/lib-debian.sh"
needs_loop
grep -qw ext4 /proc/filesystems || modprobe -q ext4 || skip "the host kernel has no ext4"
mkdir host
run mount -o ro,loop,offset=$((41 << 20)) "$disk/disk.img" host
at_exit "umount $PWD/host"
"$ANYFS_TOP/tools-dev/debian-disk/manifest.py" dir host >host-view
"$ANYFS_TOP/tools-dev/debian-disk/hashes.py" dir host >host-hashes
program debian/walk "$disk/disk.img" 2 | sort_lines >our-view
diff -u host-view our-view >differences || fail "$(sed -n '3,12p' differences)"
run anyfs hash "$disk/disk.img" /p2 >our-hashes
same host-hashes our-hashes
