#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The mount of a partitioned disk lists the partitions and mounts each one when it is
# entered.  -o part= mounts only one.  Several images have a directory each.
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
[ "$(stat -c %i "$mnt/p1/boot")" != "$(stat -c %i "$mnt/p2/etc")" ] || fail "two files have one inode number"
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

# Write to both partitions at once, each with the rules of its file system; sync of the mount
# syncs each partition.
anyfs-lspart "$img" >table
mount_image --write
head -c 3000000 /dev/urandom >data1 && head -c 3000000 /dev/urandom >data2
cp data1 "$mnt/p1/data" &
cp data2 "$mnt/p2/data"
wait $!
for call in rename link; do
	if python3 -c "import os; os.$call('$mnt/p1/boot', '$mnt/p2/boot')" 2>err; then fail "$call across"; fi
	grep -q 'Invalid cross-device link' err || fail "$call: $(cat err)"
done
mv "$mnt/p1/boot" "$mnt/p2/moved"
if touch "$mnt/new" 2>err; then fail "the list of partitions changed"; fi
if rmdir "$mnt/p1" 2>err; then fail "a partition was removed"; fi
run sync "$mnt"
same "$mnt/.partitions" table
refuse 'open for writing' anyfs-lspart "$img"
umount_image
check_part() {			# MB TYPE FSCK...
	dd if="$img" of=part.img bs=1M skip="$1" count="$2" status=none
	run "${@:3}" part.img >fsck.log || fail "$(cat fsck.log)"
}
check_part 1 16 fsck.vfat -n
check_part 17 32 e2fsck -fn
run anyfs cat "$img" /p2/moved | expect efi
same data1 <(anyfs cat "$img" /p1/data)
same data2 <(anyfs cat "$img" /p2/data)

# Two images, both written.
cp "$img" second.img
run anyfs-fuse --write "$img" second.img "$mnt"
at_exit "umount -l '$mnt'"
echo first >"$mnt/disk0/p2/which" && echo second >"$mnt/disk1/p2/which"
cat "$mnt"/disk?/p2/which | expect $'first\nsecond'
umount_image
run anyfs cat "$img" /p2/which | expect first
run anyfs cat second.img /p2/which | expect second
refuse 'in use' anyfs-fuse --write "$img" "$img" "$mnt"

refuse 'there is no partition 7' anyfs-fuse -o part=p7 "$img" "$mnt"
refuse 'No such file' anyfs-fuse nowhere.img "$mnt"
refuse 'the mount point is not a directory' anyfs-fuse "$img" "$img"
