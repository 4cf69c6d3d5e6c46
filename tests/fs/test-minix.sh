#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to minix, versions 1 to 3, and read back.
. "${0%/*}/lib-fs.sh"
requires mkfs.minix --version
check() { fsck.minix -f "$1"; }
for version in 1 2 3; do
	scratch_image 64M
	run "mkfs.minix" "-$version" "$img" >/dev/null
	writable "minix (v$version)" "$img" check
done
verdict
