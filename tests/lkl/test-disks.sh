#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Disks given by descriptors are added before and after the start of the kernel and
# mounted by number, and are clean after its halt.
. "${0%/*}/../lib.sh"
mkdir fat root plain
echo "hello fat" >fat/hello
echo "hello gpt" >root/hello
echo hello >plain/hello
image_gpt fat root
mv "$img" gpt.img
image_ext4 plain ext4.img
program lkl/disks ext4.img gpt.img
run e2fsck -fn ext4.img
