#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ext4 runs on a backend that is slow, completes out of order and fails. e2fsck
# repairs it afterwards.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
scratch_image 128M
mkfs.ext4 -q "$img"
program kernel/faults "$img"
# The write error may have left an error flag, but no wrong structure.
e2fsck -fp "$img" || true
run e2fsck -fn "$img"
