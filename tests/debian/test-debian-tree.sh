#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every file of the demo's disk has the type, mode, owner, times, size, device number,
# link count, link target and extended attributes of the file in the source tree.
. "${0%/*}/lib-debian.sh"
program debian/walk "$disk/disk.img" 2 | sort_lines >seen
[ "$(wc -l <seen)" -gt 9000 ] || fail "only $(wc -l <seen) files seen"
diff -u "$disk/manifest" seen >differences ||
	fail "$(grep -c '^[+-]' differences) lines differ: $(sed -n '3,12p' differences)"
