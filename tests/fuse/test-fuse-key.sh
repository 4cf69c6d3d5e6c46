#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs-fuse mounts encrypted volumes with --key, -o key= or a password that is typed,
# and exits with status 4 if none of them opens the volume.
# root: mounts
# shellcheck source=tests/fuse/lib-fuse.sh
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires qemu-img --version
requires cryptsetup --version
terminal=$ANYFS_TOP/tests/image/with-terminal.py

mkdir tree
echo inside >tree/name
image_ext4 tree plain.img 24M
printf 'right words' >key
printf 'wrong words' >wrong
luks_image plain.img luks.img

# In partition 2 of a disk, beside a file system.
truncate -s 64M disk.img
printf '2048,49152\n51200,\n' | run sfdisk -q disk.img
dd if=plain.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=luks.img of=disk.img bs=1M seek=25 conv=notrunc status=none

img=$PWD/luks.img
not_mounted 4 "no key was given"
not_mounted 4 "the key opens none of the keyslots tried: 0" --key file:wrong
not_mounted 4 "there is no keyslot 3 in use" --key file:key --key-slot 3
not_mounted 2 "--key: give" --key words
not_mounted 2 "--key-slot x" -o key_slot=x
for option in --key=file:key --key=fd:7 -okey=file:key -okey=/:file:key; do
	mount_image "$option" 7<key
	expect inside <"$mnt/name"
	umount_image
done
mount_image --write --key file:key --kdf-seconds 100 --kdf-memory 1G
echo changed >"$mnt/name"
umount_image
run anyfs cat --key file:key luks.img /name | expect changed

img=$PWD/disk.img
mount_image --key /p2:file:key
expect inside <"$mnt/p1/name"
expect inside <"$mnt/p2/name"
umount_image
mount_image -o part=p2 --key file:key
expect inside <"$mnt/name"
umount_image
mount_image -o 'part=p2?keyfile=key'
expect inside <"$mnt/name"
umount_image
mount_image -o part=1
expect inside <"$mnt/name"
umount_image
mount_image
expect inside <"$mnt/p1/name"
! ls "$mnt/p2" 2>err || fail "a locked volume was opened"
grep -q "Required key not available" err || fail "another error: $(cat err)"
umount_image

# The password is asked for before anyfs-fuse goes to the background.
run timeout 300 "$terminal" "right words" -- anyfs-fuse -o part=p2 "$img" "$mnt" >shown
at_exit "umount -l '$mnt' 2>/dev/null || fusermount3 -uzq '$mnt'"
expect inside <"$mnt/name"
umount_image
code=0
timeout 300 "$terminal" "^C" -- anyfs-fuse -o part=p2 "$img" "$mnt" >shown 2>&1 || code=$?
[ $code -eq 130 ] || fail "exit $code after ^C: $(cat shown)"
not_there() { ! grep -q " $mnt " /proc/self/mountinfo; }
wait_for not_there
