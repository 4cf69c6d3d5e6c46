#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs mv to another spelling of the same name renames the file where the file system
# ignores case.  Of two hard links one is left, and a file is not moved to itself.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.vfat --help

only() { [ "$(anyfs ls "$img" "$1" | tr '\n' ' ')" = "$2 " ] || fail "$type: $1 has: $(anyfs ls "$img" "$1"), not: $2"; }

while read -r type size make; do
	command -v "${make%% *}" >/dev/null || continue
	echo "$type"
	rm -f disk.img
	scratch_image "$size"
	# shellcheck disable=SC2086
	$make "$img" >mkfs.log 2>&1 || { cat mkfs.log; continue; }
	run anyfs mkdir "$img" /top /top/Dir
	echo content | run anyfs put "$img" - /top/Aa
	run anyfs mv "$img" /top/Aa /top/aA
	only /top "Dir aA"
	# A spelling that no file on the disk has.
	run anyfs mv "$img" /top/AA /top/aa
	only /top "Dir aa"
	run anyfs mv "$img" /top/AA /top/aa
	only /top "Dir aa"
	echo other | run anyfs put "$img" - /top/Dir/file
	run anyfs mv "$img" /top/Dir /top/dIR
	only /top "aa dIR"
	run anyfs mv "$img" /top/DIR /top/dir/
	only /top "aa dir"
	run anyfs cat "$img" /top/aa /top/dir/file | expect content$'\n'other
	refuse "source and destination are the same" anyfs mv "$img" /top/aa /top/aa
	refuse "source and destination are the same" anyfs mv "$img" /top/aa /top/
	run anyfs mv "$img" /top/aa /top/dir
	only /top "dir"
	run anyfs cat "$img" /top/dir/aa | expect content
done <<'END'
vfat 16M mkfs.vfat
exfat 16M mkfs.exfat
xfs-ci 300M mkfs.xfs -q -n version=ci
END

echo "hard links, and names that differ"
type=ext4
make_fs ext4 16M
echo content | run anyfs put "$img" - /a
run anyfs ln "$img" /a /b
run anyfs mv "$img" /a /b
anyfs ls "$img" | grep -v lost+found | expect b
run anyfs cat "$img" /b | expect content
refuse "source and destination are the same" anyfs mv "$img" /b /b
run anyfs mkdir "$img" /d
run anyfs ln "$img" /b /d/b
run anyfs mv "$img" /b /d
only /d b
refuse "the destination is inside this directory" anyfs mv "$img" /d /d
run e2fsck -fn "$img"
