#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to nilfs2 and read back.  The tools of nilfs2 have no program that checks
# the file system.
. "${0%/*}/lib-fs.sh"
requires mkfs.nilfs2 -V
scratch_image 256M
run mkfs.nilfs2 -q "$img"
writable nilfs2 "$img" -
verdict
