#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every file of the demo's disk has the content of the file in the tree that the disk
# was made from.  The EFI partition is compared, too.
. "${0%/*}/lib-debian.sh"
run anyfs hash "$disk/disk.img" /p2 >seen
[ "$(wc -l <seen)" -gt 7000 ] || fail "only $(wc -l <seen) files seen"
diff -u "$disk/hashes" seen >differences || fail "$(sed -n '3,12p' differences)"
run anyfs hash "$disk/disk.img" /p1 >efi-seen
"$ANYFS_TOP/tools-dev/debian-disk/hashes.py" dir "$disk/efi" >efi-wanted
same efi-wanted efi-seen
