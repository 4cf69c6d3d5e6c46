#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# reiserfs, which this kernel is among the last to have.
. "${0%/*}/lib-fs.sh"
requires mkfs.reiserfs -V
check() { reiserfsck --check -q -y "$1"; }
scratch_image 128M
run mkfs.reiserfs -q -f -f "$img" >/dev/null
writable reiserfs "$img" check
verdict
