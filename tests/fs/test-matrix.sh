#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# docs/file-systems.md has a row for every file system for disks that the kernel has, or
# lists it as not tested.  A test here names the file system of each row.
. "${0%/*}/../lib.sh"
doc=$ANYFS_TOP/docs/file-systems.md
untested=$(sed -n '/^## Built in and not tested/,/^## [^B]/p' "$doc")
run anyfs info --features --json >features.json
python3 - features.json >systems <<-'END'
	import json, sys
	print("\n".join(json.load(open(sys.argv[1]))["file_systems"]))
END
while read -r system; do
	# gfs2meta is a view of gfs2; ntfs3 is the driver of ntfs.
	case $system in gfs2meta) continue ;; ntfs3) system=ntfs ;; esac
	grep -Eq "^\| $system( \(.*\))? \|" "$doc" || grep -qw "$system" <<<"$untested" ||
		fail "docs/file-systems.md does not list $system"
done <systems
[ "$(wc -l <systems)" -ge 35 ] || fail "the kernel lists too few: $(cat systems)"
sed -n 's/^| \([a-z0-9]*\).*/\1/p' "$doc" | sort -u | grep -vx file >rows
while read -r system; do
	grep -q "\b$system\b" "${0%/*}"/test-*.sh || fail "no test tries $system"
done <rows
