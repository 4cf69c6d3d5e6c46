#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount shows the volumes of an LVM group in the directory of one member.  The directories of
# the other members, in the same image or in another one, are links to the first.
# root: mounts
# shellcheck source=tests/fuse/lib-fuse.sh
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires sfdisk --version

mkdir tree
echo inside >tree/name
image_ext4 tree fs.img 40M
run "${0%/*}/../image/make-lvm.py" raid1 fs.img a b

run anyfs-fuse a b "$mnt"
at_exit "umount -l '$mnt'"
names "$mnt" | expect $'disk0\ndisk1'
names "$mnt/disk0" | expect $'.partitions\nvol'
readlink "$mnt/disk1" | expect disk0
[ "$(stat -c %s "$mnt/disk1")" = 5 ] || fail "not the length of the link"
expect inside <"$mnt/disk1/vol/name"
umount_image

size=$((($(stat -c %s a) + 1048575) / 1048576))
truncate -s $((2 * size + 3))M both.img
printf '%s,%s\n' 2048 $((size * 2048)) $(((size + 1) * 2048)) $((size * 2048)) |
	run sfdisk -q both.img
dd if=a of=both.img bs=1M seek=1 conv=notrunc status=none
dd if=b of=both.img bs=1M seek=$((size + 1)) conv=notrunc status=none
img=$PWD/both.img
mount_image --write
names "$mnt" | expect $'.partitions\np1\np2'
readlink "$mnt/p2" | expect p1
echo changed >"$mnt/p2/vol/new"
expect changed <"$mnt/p1/vol/new"
if rm "$mnt/p2" 2>err; then fail "the link was removed"; fi
[ "$(find "$mnt" -name new | wc -l)" = 1 ] || fail "the volume is listed twice"
umount_image
run anyfs cat "$img" /p2/vol/new | expect changed
