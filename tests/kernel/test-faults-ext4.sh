#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timeout: 300
# A slow, disorderly and failing backend below a mounted ext4; e2fsck afterwards.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
scratch_image 128M
mkfs.ext4 -q "$img"
program kernel/faults "$img"
# The write error may have left an error flag, but no wrong structure.
e2fsck -fp "$img" || true
run e2fsck -fn "$img"
