#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight threads work on one xfs, which maps its buffers into the vmalloc window.
# xfs_repair finds no error afterwards.
. "${0%/*}/../lib.sh"
requires mkfs.xfs -V
scratch_image 320M
mkfs.xfs -q "$img"
program kernel/mixed-load "$img"
run xfs_repair -n "$img"
