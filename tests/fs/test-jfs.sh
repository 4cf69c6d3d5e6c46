#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to jfs and read back.
. "${0%/*}/lib-fs.sh"
requires mkfs.jfs -V
check() { fsck.jfs -n "$1"; }
scratch_image 64M
run mkfs.jfs -q "$img" >/dev/null
writable jfs "$img" check
verdict
