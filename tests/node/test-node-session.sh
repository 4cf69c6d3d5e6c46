#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The sessions that @anyfs/core uses list slots, read files and report misuse.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir efi root root/sub
echo "in vfat" >efi/boot
echo "in ext4" >root/file
ln -s /file root/sub/absolute
ln -s ../../../../file root/sub/out
image_gpt efi root
cp "$img" gpt.img
# A disk inside a partition of another disk.
scratch_image 60M nested.img
echo 'start=2048, size=55M' | sfdisk -q "$img" >sfdisk.log 2>&1
dd if=gpt.img of="$img" bs=1M seek=1 conv=notrunc,sparse status=none
run_node "${BASH_SOURCE[0]%/*}/session.js" gpt.img "$img"
dd if=gpt.img of=part2.img bs=1M skip=17 count=32 status=none
clean_image part2.img
