#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# xfs: the format of today, and version 4, which old images have.
. "${0%/*}/lib-fs.sh"
requires mkfs.xfs -V
check() { xfs_repair -n "$1"; }
scratch_image 300M
run mkfs.xfs -q "$img"
writable xfs "$img" check
scratch_image 300M v4.img
run mkfs.xfs -q -m crc=0,finobt=0 "$img"
writable "xfs (v4)" "$img" check
verdict
