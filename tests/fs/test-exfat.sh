#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to exfat and read back.  exfat has no holes: the file of 4 GiB is
# stored in full, in memory, if there is enough.
. "${0%/*}/lib-fs.sh"
requires which mkfs.exfat
check() { fsck.exfat -n "$1"; }
big_image exfat.img
run mkfs.exfat "$img" >/dev/null
writable exfat "$img" check
verdict
