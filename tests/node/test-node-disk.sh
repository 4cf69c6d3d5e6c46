#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Partitions, streams and attributes work, and each misuse causes an error.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir efi root root/sub
echo "in vfat" >efi/boot
echo "in ext4" >root/file
ln -s /file root/sub/absolute
ln -s ../../../../file root/sub/out
node_image root
mv disk.img ext4.img
qemu_img_crypt convert -O qcow2 --object secret,id=s,data='right words' \
	-o encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=50 ext4.img locked.qcow2
image_gpt efi root
run_node "${BASH_SOURCE[0]%/*}/disk.js" "$img" ext4.img
clean_image ext4.img
run anyfs cat "$img" /p1/file
