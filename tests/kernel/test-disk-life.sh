#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Disks are added and removed.  A mounted disk is busy, and a writer locks the image.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
program kernel/disk-life "$img"
run e2fsck -fn "$img"
