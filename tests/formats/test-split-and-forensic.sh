#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images that split and ewfacquire have cut into segment files hold the same files as the
# raw disk; a missing segment file is an error.
. "${0%/*}/lib-formats.sh"
make_disk
run split -b 12M -d -a 3 --numeric-suffixes=1 "$img" disk.
[ -e disk.005 ] || fail "split did not make five files"
same_files disk.001
run anyfs info disk.001 >info.out
grep -q 'format split raw' info.out || fail "not named: $(head -1 info.out)"
echo new >new
refuse 'disk.001: is split into several files' anyfs put disk.001 new /p2

requires ewfacquire -V
acquire() {
	run ewfacquire -u -q -t "$1" -C case -D disk -E 1 -e tester -N none -m fixed "${@:2}" \
		"$img" >ewf.log 2>&1
}
acquire plain -f encase6 -c none -S 1GiB
same_files plain.E01
acquire best -f encase6 -c best -b 128 -S 1GiB
same_files best.E01
acquire old -f encase4 -c fast -S 2MiB
[ -e old.E02 ] || fail "one segment"
same_files old.E01
acquire ftk -f ftk -c fast -S 1GiB
same_files ftk.E01
run anyfs info old.E01 >info.out
grep -q 'format ewf' info.out || fail "not named: $(head -1 info.out)"
mv old.E02 hidden
refuse 'old.E01: segment file 2 of the image is missing' anyfs ls old.E01 /p2
cp plain.E01 old.E02
refuse 'its segment number does not match its name' anyfs ls old.E01 /p2
