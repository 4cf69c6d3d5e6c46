#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount reopens files by their handles if the file system has handles.  Files that the host
# has cached then need no memory of the library kernel: 20,000 files are walked twice with 20
# MiB.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

# says TEXT OPTION...: a mount with these options logs TEXT
says() {
	local pid
	: >server.log		# or wait_for would find the previous mount's log
	anyfs-fuse -f -v "${@:2}" "$img" "$mnt" >server.log 2>&1 &
	pid=$!
	at_exit "umount -l '$mnt' 2>/dev/null"
	wait_for mountpoint -q "$mnt"
	wait_for grep -q 'reopened by their' server.log
	grep -q "$1" server.log || fail "$fs ${*:2}: not reported: $1: $(grep -i handle server.log)"
	umount_image
	wait "$pid" || fail "exit $?: $(tail -3 server.log)"
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	says 'known files are reopened by their handles'
	says 'known files are reopened by their handles' --write
done
fs=vfat
image_of vfat 64M
says 'known files are reopened by their names'

mkdir files
for d in {1..20}; do
	mkdir "files/$d"
	(cd "files/$d" && touch {1..1000})
done
fs=erofs
img=$PWD/erofs.img
requires mkfs.erofs --help
mkfs.erofs -x-1 "$img" files >mkfs.log 2>&1 || fail "$(cat mkfs.log)"
says 'known files are reopened by their handles'

fs=ext4
image_ext4 files many.img 256M
for option in -oro --write; do
	mount_image $option -o mem=20
	for round in 1 2; do
		n=$(timeout 300 find "$mnt" -name '[0-9]*' -printf '%s\n' | wc -l) ||
			fail "$option: walk $round does not end"
		[ "$n" -eq 20020 ] || fail "$option: walk $round finds $n files"
	done
	umount_image
done
fsck_image ext4
