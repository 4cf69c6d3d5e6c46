#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Known content that is not a file system, for example an external XFS log, is named in
# the error and listed by anyfs-lspart.
. "${0%/*}/../lib.sh"
requires mkfs.xfs -V
scratch_image 300M
truncate -s 64M log.img
mkfs.xfs -q -f -l logdev="$PWD/log.img" "$img" >mkfs.log

anyfs-lspart log.img >table
grep -q ' xfs_external_log ' table || fail "$(cat table)"
refuse 'log.img: holds xfs_external_log, not a file system' anyfs ls log.img
