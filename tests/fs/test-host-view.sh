#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The host's kernel reads through a loop mount the files that the library kernel has
# written, for each file system that both have.
# root: mounts
. "${0%/*}/lib-fs.sh"
needs_loop
mkdir mnt
at_exit 'umount -q mnt'

seen=0
for type in ext2 ext3 ext4 xfs btrfs f2fs vfat exfat jfs nilfs2 udf; do
	grep -qw "$type" /proc/filesystems && command -v "mkfs.$type" >mkfs.path || continue
	rm -f disk.img
	scratch_image 320M
	make=mkfs.$type
	[ "$type" != btrfs ] || make=make_btrfs
	run $make "$img" >mkfs.out 2>&1
	run "$fs" fill "$img" >before
	grep -v '^>4GiB' before >before.host
	run mount -o loop,ro "$img" mnt
	run "$fs" check-host "$PWD/mnt" <before.host >after
	umount mnt
	same before.host after
	seen=$((seen + 1))
done
[ $seen -gt 0 ] || skip "this host's kernel has none of these file systems"
