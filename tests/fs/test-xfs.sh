#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to xfs in its present format and in version 4, which old images
# have, and read back.
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
