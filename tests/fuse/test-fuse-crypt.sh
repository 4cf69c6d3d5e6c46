#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs-fuse --crypt mounts volumes whose content does not say how they are encrypted or
# checked, alone and beside other partitions, and mounts nothing if the description is wrong.
# root: mounts
# shellcheck source=tests/fuse/lib-fuse.sh
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires qemu-img --version
requires cryptsetup --version
requires veritysetup --version
requires sfdisk --version

mkdir tree
echo inside >tree/name
truncate -s 24M plain.img
run mkfs.ext4 -q -b 4096 -d tree plain.img
printf 'right words' >key
luks_image plain.img whole.img
run cryptsetup luksDump -q --dump-volume-key --volume-key-file volume.key --key-file key \
	whole.img >/dev/null
payload=$(cryptsetup luksDump whole.img | sed -n 's/^Payload offset:[ \t]*//p')
tail -c +$((payload * 512 + 1)) whole.img >data.img
head -c $((payload * 512)) whole.img >data.hdr
dd if=/dev/zero of=data.hdr bs=1 seek=104 count=4 conv=notrunc status=none
root_hash=$(veritysetup format plain.img hashes.img | sed -n 's/^Root hash:[ \t]*//p')
truncate -s 64M disk.img
printf '2048,49152\n51200,49152\n' | run sfdisk -q disk.img
dd if=plain.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=data.img of=disk.img bs=1M seek=25 conv=notrunc status=none
sha256sum data.img data.hdr plain.img hashes.img disk.img >sums

echo "a detached header, and no header"
plain=plain,cipher=aes-xts-plain64,key-size=512
img=$PWD/data.img
mount_image --crypt luks,header=data.hdr --key file:key
expect inside <"$mnt/name"
umount_image
mount_image --crypt $plain --key file:volume.key
expect inside <"$mnt/name"
umount_image
run sha256sum -c --quiet sums
not_mounted 4 "no key was given" --crypt luks,header=data.hdr
not_mounted 1 "No such file" --crypt luks,header=gone --key file:key
not_mounted 1 "needs a cipher" --crypt plain --key file:volume.key
not_mounted 1 "is not a type of volume" --crypt luks9 --key file:key
cp data.img written.img
img=$PWD/written.img
mount_image --write --crypt luks,header=data.hdr --key file:key
echo changed >"$mnt/name"
umount_image
run anyfs cat --crypt $plain --key file:volume.key written.img /name | expect changed

echo "hashes of dm-verity"
img=$PWD/plain.img
mount_image --crypt "verity,root-hash=$root_hash,header=hashes.img"
expect inside <"$mnt/name"
umount_image
not_mounted 4 "does not match the root hash" \
	--crypt "verity,root-hash=${root_hash//[0-4]/5},header=hashes.img"

echo "one partition of a disk"
img=$PWD/disk.img
mount_image --crypt /p2:$plain --key /p2:file:volume.key
expect inside <"$mnt/p1/name"
expect inside <"$mnt/p2/name"
umount_image
not_mounted 1 "there is no volume /p3" --crypt /p3:$plain --key file:volume.key
run sha256sum -c --quiet sums
