#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel without an MMU reads and writes ext4 and vfat like the kernel with an MMU.
. "${0%/*}/../lib.sh"
export ANYFS_KERNEL=$ANYFS_BUILD/lib/anyfs/kernel-nommu.so
[ -f "$ANYFS_KERNEL" ] || fail "$ANYFS_KERNEL was not built"
mkdir -p tree/sub
head -c 3000000 /dev/urandom >tree/sub/data
echo hello >tree/hello
image_ext4 tree ext4.img
image_vfat tree vfat.img
for fs in ext4 vfat; do
	run anyfs cat $fs.img /sub/data >out
	same out tree/sub/data
	run anyfs cat $fs.img /hello | expect hello
	run anyfs ls $fs.img /sub | expect data
done
program kernel/disk-life ext4.img
mkfs.ext4 -q -F ext4.img 32M
mkfs.vfat vfat.img >mkfs.log
cp ext4.img ext4-b.img
cp vfat.img vfat-b.img
program kernel/two-kernels ext4.img ext4-b.img
program kernel/two-kernels vfat.img vfat-b.img
run e2fsck -fn ext4.img
run fsck.vfat -n vfat.img
