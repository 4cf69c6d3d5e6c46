#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# 100,000 files are walked with 32 MiB, on a mount and with the library, on ext4, which has
# file handles, and on vfat, which has none.  "make walk" walks
# more files, on more file systems.
# root: mounts
# timeout: 1800
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires mkfs.ext4 -V
requires mkfs.vfat --help
at_exit "umount -l '$PWD/mnt' 2>/dev/null"
run "$ANYFS_TOP/tests/walk/run" --files 100000 --each 100 --mem 32 --work "$PWD" ext4 vfat
