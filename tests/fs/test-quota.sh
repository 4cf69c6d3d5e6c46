#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Quotas of users and groups are counted and enforced, and the counts are equal to those of the
# file system's own check.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.xfs mkfs.f2fs

scratch_image 64M
mkfs.ext4 -q -O quota "$img"
program fs/quota "$img" usrquota,grpquota
run e2fsck -fn "$img"

rm "$img"
scratch_image 320M
mkfs.xfs -q "$img"
program fs/quota "$img" uquota,gquota
run xfs_repair -n "$img"

rm "$img"
scratch_image 100M
# f2fs counts the root directory for its owner, which the program expects to be root.
mkfs.f2fs -q -R 0:0 -O extra_attr,quota "$img" >mkfs.log
program fs/quota "$img" usrquota,grpquota
fsck.f2fs --dry-run "$img" >fsck.log
! grep '\[ASSERT\]\|\[FIX\]\|Fail' fsck.log || fail "fsck.f2fs"
