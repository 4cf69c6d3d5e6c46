#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A disk with partitions lists them, and mounts each when it is entered; -o part=
# mounts one; several images stand side by side.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
mkdir one two
echo efi >one/boot
echo root >two/etc
image_gpt one two
mount_image
names "$mnt" | expect $'.partitions\np1\np2'
same "$mnt/.partitions" <(anyfs-lspart "$img")
ls -l "$mnt" >/dev/null
[ "$(stat -c %a "$mnt/p2")" = 555 ] || fail "listing has entered the partition"
expect efi <"$mnt/p1/boot"
expect root <"$mnt/p2/etc"
[ "$(stat -c %a "$mnt/p2")" = 755 ] || fail "not the attributes of its root"
[ "$(stat -c %i "$mnt/p1/boot")" != "$(stat -c %i "$mnt/p2/etc")" ] || fail "one inode number twice"
if mkdir "$mnt/p3" 2>/dev/null; then fail "the list of partitions changed"; fi
umount_image
mount_image -o part=p2
names "$mnt" | expect $'etc\nlost+found'
umount_image
run anyfs-fuse "$img" "$img" "$mnt"
at_exit "umount -l '$mnt'"
names "$mnt" | expect $'disk0\ndisk1'
expect root <"$mnt/disk1/p2/etc"
umount_image
refuse 'there is no partition 7' anyfs-fuse -o part=p7 "$img" "$mnt"
refuse 'No such file' anyfs-fuse nowhere.img "$mnt"
refuse 'not a directory to mount on' anyfs-fuse "$img" "$img"
