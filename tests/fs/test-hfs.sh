#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to hfs, the file system of old Macs, and read back.  Debian has no program that
# checks it.
. "${0%/*}/lib-fs.sh"
requires which hformat
scratch_image 100M
run hformat -l test "$img" >/dev/null
writable hfs "$img" -
verdict
