#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# exfat.  A file without holes takes all of 4 GiB: in memory, if there is room.
. "${0%/*}/lib-fs.sh"
requires which mkfs.exfat
check() { fsck.exfat -n "$1"; }
big_image exfat.img
run mkfs.exfat "$img" >/dev/null
writable exfat "$img" check
verdict
