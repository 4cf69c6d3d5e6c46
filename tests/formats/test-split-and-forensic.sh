#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images that are cut into files, by split and by ewfacquire, hold the same files as the
# raw disk; a file that is missing is an error.
. "${0%/*}/lib-formats.sh"
make_disk
run split -b 12M -d -a 3 --numeric-suffixes=1 "$img" disk.
[ -e disk.005 ] || fail "split did not make five files"
same_files disk.001
run anyfs info disk.001 >info
grep -q 'format split raw' info || fail "not named: $(head -1 info)"
echo new >new
refuse 'disk.001: is split into several files' anyfs put disk.001 new /p2
