#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight threads use two kernels with one ext4 image each, and e2fsck finds no error.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
for i in a b; do
	truncate -s 64M $i.img
	mkfs.ext4 -q $i.img
done
program kernel/two-kernels a.img b.img
for i in a b; do
	run e2fsck -fn $i.img
done
