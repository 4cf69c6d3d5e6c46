#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to FAT and read back, with long names and with the short names of
# DOS.
. "${0%/*}/lib-fs.sh"
check() { fsck.vfat -n "$1"; }
scratch_image 100M
run mkfs.vfat -F 32 "$img" >/dev/null
writable vfat "$img" check
scratch_image 100M
run mkfs.vfat -F 16 "$img" >/dev/null
writable msdos "$img" check msdos
verdict
