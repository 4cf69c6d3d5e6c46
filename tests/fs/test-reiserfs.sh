#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to reiserfs, which Linux 6.13 has removed, and read back.
. "${0%/*}/lib-fs.sh"
requires mkfs.reiserfs -V
check() { reiserfsck --check -q -y "$1"; }
scratch_image 128M
run mkfs.reiserfs -q -f -f "$img" >/dev/null
writable reiserfs "$img" check
verdict
