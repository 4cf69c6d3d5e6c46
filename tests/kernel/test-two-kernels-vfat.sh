#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight threads use two kernels with one vfat image each, whose locking differs from
# that of ext4. fsck.vfat finds no error.
. "${0%/*}/../lib.sh"
requires mkfs.vfat --help
for i in a b; do
	truncate -s 64M $i.img
	mkfs.vfat $i.img >mkfs.log
done
program kernel/two-kernels a.img b.img
for i in a b; do
	run fsck.vfat -n $i.img
done
