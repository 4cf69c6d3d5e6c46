#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight threads work on one ext4, and e2fsck finds no error afterwards.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
scratch_image 256M
mkfs.ext4 -q "$img"
program kernel/mixed-load "$img"
run e2fsck -fn "$img"
