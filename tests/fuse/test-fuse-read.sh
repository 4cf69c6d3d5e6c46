#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A read-only mount shows what is in the image, and not one byte of it changes.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
mkdir -p tree/deep/er
head -c 3000000 /dev/urandom >tree/deep/er/data
echo hello >tree/file
ln tree/file tree/deep/second
ln -s deep/er/data tree/link
mkfifo tree/fifo
chmod 4751 tree/file
touch -d '2001-02-03 04:05:06.789' tree/deep
for i in $(seq 300); do echo "$i" >"tree/deep/er/a file with a long name $i"; done
image_ext4 tree
sum=$(sha256sum <"$img")
mount_image -o ro
run diff -r --no-dereference tree "$mnt" -x lost+found -x fifo
# Do not compare sizes of directories, which depend on the file system, or fractions of
# seconds, which mkfs drops.
listing() {
	(cd "$1" && find . -name lost+found -prune -o -mindepth 1 -type d -printf '%P d %m %n %Ts\n' -o \
		-mindepth 1 -printf '%P %y %m %s %n %l %Ts\n' 2>/dev/null | sort)
}
listing tree >want
listing "$mnt" >got
same want got
[ "$(stat -c %i "$mnt/file")" = "$(stat -c %i "$mnt/deep/second")" ] || fail "two inodes"
debugfs -R 'stat /file' "$img" 2>/dev/null | matches "Inode: $(stat -c %i "$mnt/file") " ||
	fail "not the image's inode number"
if touch "$mnt/new" 2>err; then fail "written to"; fi
grep -q 'Read-only' err || fail "not refused as read-only: $(cat err)"
[ "$(stat -f -c %c "$mnt")" -gt 0 ] || fail "statfs: $(stat -f "$mnt")"
umount_image
[ "$(sha256sum <"$img")" = "$sum" ] || fail "the image has changed"
[ -z "$(ls -A "$mnt")" ] || fail "still mounted"
