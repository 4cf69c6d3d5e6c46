#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A read through a writable mount changes the access time in the image.  With -o
# noatime no access time changes, with -o nodiratime only those of files.  If several
# of these options are given, the last one counts.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

times() {
	mount_image -o ro
	stat -c %X "$mnt/dir/file" "$mnt/dir" "$mnt/dir/link" | tr '\n' ' '
	umount_image
}

# Mount with these options, read file, directory and link, and print for each whether its access
# time in the image is then old or new.
after_reading() {
	mount_image --write
	touch -h -a -d @1000000000 "$mnt/dir/link" "$mnt/dir/file" "$mnt/dir"
	umount_image
	expect "1000000000 1000000000 1000000000 " <<<"$(times)"
	mount_image --write "$@"
	ls "$mnt/dir" >/dev/null
	cat "$mnt/dir/file" >/dev/null
	readlink "$mnt/dir/link" >/dev/null
	umount_image
	times | sed 's/1000000000/old/g; s/[0-9]\{10\}/new/g; s/ $//'
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write
	mkdir "$mnt/dir"
	head -c 300000 /dev/urandom >"$mnt/dir/file"
	ln -s file "$mnt/dir/link"
	umount_image
	after_reading | expect "new new new"
	after_reading -o noatime | expect "old old old"
	after_reading -o nodiratime | expect "new old new"
	after_reading -o noatime,atime | expect "new new new"
	fsck_image $fs
done
