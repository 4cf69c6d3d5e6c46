#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to ntfs and read back.  The driver ntfs3 writes new files with
# holes.
. "${0%/*}/lib-fs.sh"
requires mkfs.ntfs --version
check() { ntfsfix -n "$1" && ntfsinfo -m "$1"; }
scratch_image 128M
run mkfs.ntfs -F -Q -q "$img" 2>/dev/null
writable ntfs "$img" check - acl,sparse
verdict
