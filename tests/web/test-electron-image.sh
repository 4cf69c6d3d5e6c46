#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The utility process of ts/electron opens images by path, with the native kernel and with that
# for web pages: disks are the same as those of @anyfs/core, changes are written to the image
# only if the user agrees, and a process that dies is reported.
. "${BASH_SOURCE[0]%/*}/lib-electron.sh"
requires qemu-img --version

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
cp "$img" original.img
run qemu-img convert -O qcow2 original.img disk.qcow2
image_ext4 tree ext4.img
printf secret >key
luks_image ext4.img luks.img

check() {
	run anyfs cat "$@" /p2/new | expect "saved in place"
	run anyfs cat "$@" /p2/dir/moved | expect 'NAME="anyfs test"'
	refuse deep anyfs ls "$@" /p2/deep
}
for kernel in native wasm; do
	cp original.img disk.img
	cp luks.img luks-copy.img
	web electron-image.mjs "$kernel" disk.img luks-copy.img disk.qcow2
	check disk.img
	check exported.img
	run anyfs cat disk.img /p2/second | expect "saved again"
	refuse third anyfs cat disk.img /p2/third
	for image in disk.img exported.img; do
		dd if="$image" of=part2.img bs=1M skip=17 count=32 status=none
		run e2fsck -fn part2.img
		dd if="$image" of=part1.img bs=1M skip=1 count=16 status=none
		run fsck.vfat -n part1.img
	done
	cp original.img disk.img
	check --allow-backing patch.qcow2
	same luks.img luks-copy.img
done
