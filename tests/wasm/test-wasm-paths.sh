#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The paths of @anyfs/core are those of the native tools: a disk without partitions has its
# files at /, partitions are /p1 and so on, and a bootable ISO is /p0 as a whole.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires xorriso -version

make_tree fat-tree
make_unix_tree tree
image_ext4 tree ext4.img
image_gpt fat-tree tree
cp "$img" gpt.img
image_vfat fat-tree efi.img 32M
run xorriso -as mkisofs -quiet -R -o hybrid.iso -append_partition 2 0xef efi.img \
	-partition_offset 16 -e --interval:appended_partition_2:all:: -no-emul-boot tree 2>log

# An odd number of sectors: sizes in KiB would lose the last one.
truncate -s 8M odd.img
sgdisk -o -n 1:2048:+8193s odd.img >/dev/null

for image in ext4.img gpt.img hybrid.iso odd.img; do
	anyfs info --json "$image" >info.json
	anyfs ls "$image" / >names
	wasm paths.mjs "$image" info.json names
done
