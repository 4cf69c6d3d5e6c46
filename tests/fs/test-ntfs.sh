#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ntfs, by the driver ntfs3; new files with holes.
. "${0%/*}/lib-fs.sh"
requires mkfs.ntfs --version
check() { ntfsfix -n "$1" && ntfsinfo -m "$1"; }
scratch_image 128M
run mkfs.ntfs -F -Q -q "$img" 2>/dev/null
writable ntfs "$img" check - acl,sparse
verdict
