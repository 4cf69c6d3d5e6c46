#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to ocfs2 with a single node and read back.
. "${0%/*}/lib-fs.sh"
requires mkfs.ocfs2 -V
check() { fsck.ocfs2 -fn "$1"; }
scratch_image 256M
run mkfs.ocfs2 -q -F -M local -N 1 --fs-features=local,xattr,sparse,unwritten "$img"
writable ocfs2 "$img" check
verdict
