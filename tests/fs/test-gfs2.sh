#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to gfs2 with the lock protocol of a single node and read back.
. "${0%/*}/lib-fs.sh"
requires mkfs.gfs2 -V
check() { fsck.gfs2 -n "$1"; }
scratch_image 256M
run mkfs.gfs2 -O -p lock_nolock -j 1 "$img" >/dev/null
writable gfs2 "$img" check
verdict
