#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A "!" after the name of a file in an image opens the file as a disk image, at any
# depth and in any format.  Partition tables inside partitions are opened.
. "${0%/*}/../lib.sh"
requires qemu-img --version

# An ext4 in a GPT disk, which is a file of an ext4, which is a qcow2 file of a FAT.
mkdir efi root outer
echo efi >efi/name
echo innermost >root/name
image_gpt efi root
mv disk.img outer/disk.img
echo plain >"outer/plain!"
ln -s disk.img outer/link
ln outer/disk.img outer/other
image_ext4 outer middle.img 64M
mkdir top
run qemu-img convert -O qcow2 middle.img "top/m.qcow2" 
image_vfat top disk.img 24M
sha256sum disk.img middle.img >sums

run anyfs ls disk.img '/m.qcow2!' >names
grep -qx disk.img names || fail "the outer image is not opened: $(cat names)"
run anyfs ls disk.img '/m.qcow2!/disk.img!' | expect $'p1\np2'
run anyfs cat disk.img '/m.qcow2!/disk.img!/p2/name' '/m.qcow2!/disk.img!/p1/name' |
	expect $'innermost\nefi'
run anyfs cat disk.img '/m.qcow2!/link!/p2/name' | expect innermost
run anyfs cat middle.img '//disk.img!//p2/./name' | expect innermost
# The same file under another name is the same disk.
run anyfs cat middle.img '/disk.img!/p2/name' '/other!/p2/name' | expect $'innermost\ninnermost'
# A file whose name ends in "!" is a plain file.
run anyfs cat middle.img '/plain!' | expect plain
refuse "only a regular file can be opened as a disk" anyfs ls middle.img '/lost+found!'
refuse "none|No such file" anyfs ls middle.img '/none!'
refuse "no partition" anyfs ls middle.img '/disk.img!/p7'
refuse "a file of 6 bytes is not a disk" anyfs ls middle.img '/plain!!'
run sha256sum -c --quiet sums

# Write through all layers and read again; all file systems are clean.
echo new >new
run anyfs put middle.img new '/disk.img!/p2/'
run anyfs cat middle.img '/disk.img!/p2/new' | expect new
run anyfs get middle.img /disk.img out.img
run anyfs cat out.img /p2/new | expect new
run e2fsck -fn middle.img >log 2>&1
dd if=out.img of=part.img bs=1M skip=17 count=32 status=none
run e2fsck -fn part.img >log 2>&1
# An inner image in a format such as qcow2 is read-only.
refuse "" anyfs put disk.img new '/m.qcow2!/'

# The attempt has not changed disk.img.
run sha256sum -c --quiet - <<<"$(head -n 1 sums)"

# A GPT in a partition of a GPT, and a BSD label in a DOS partition.
truncate -s 60M nested.img
run sgdisk -n 1:2048:+53M nested.img >log
dd if=out.img of=nested.img bs=1M seek=1 conv=notrunc,sparse status=none
run sgdisk -e out.img >log
run anyfs cat nested.img /p1/p2/name | expect innermost
run anyfs ls nested.img /p1 | expect $'p1\np2'
