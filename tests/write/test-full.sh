#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On a full file system the verb fails, reports what it has not done, and leaves no
# partial file.  Other files do not change, and fsck finds no error.
. "${0%/*}/lib-write.sh"
mkdir tree
for i in 1 2 3 4; do head -c 30000000 /dev/urandom >"tree/$i"; done
mkdir small
echo x >small/a
tar -cf tree.tar -C tree .

for fs in $write_types; do
	echo "== $fs"
	make_fs "$fs"
	case $fs in
	xfs) room=$((200 << 20)) ;;
	btrfs) room=$((20 << 20)) ;;
	*) room=0 ;;
	esac
	echo old | run anyfs put "$img" - /3
	if [ $room -gt 0 ]; then
		head -c $room /dev/zero | tr '\0' x | anyfs put "$img" - /ballast || true
	fi
	code=0
	anyfs put --json "$img" tree/. small / >result 2>err || code=$?
	[ $code -eq 1 ] || fail "$fs: exit $code on a full disk"
	grep -q 'not copied, stopping here: No space left on device' err || fail "$fs: $(cat err)"
	grep -q '^anyfs: small: not copied' err || fail "$fs: unprocessed files are not reported: $(cat err)"
	grep -q '"code": "ENOSPC"' result && grep -q '"exit": 1}' result || fail "$fs: $(cat result)"
	python3 -m json.tool <result >/dev/null || fail "$fs: $(cat result)"
	check_fs "$fs"
	# Each file is complete: the new one, the old one, or absent.
	for i in 1 2 3 4; do
		anyfs cat "$img" /$i >got 2>/dev/null || continue
		cmp -s got tree/$i || [ "$(cat got)" = old ] || fail "$fs: half of /$i"
	done
	code=0
	anyfs tar-in "$img" / <tree.tar 2>err || code=$?
	[ $code -eq 1 ] || fail "$fs: tar-in: exit $code on a full disk"
	grep -q 'stopping here: No space left' err || fail "$fs: $(cat err)"
	check_fs "$fs"
	run anyfs rm -f "$img" /1 /2 /3 /4 /ballast
	run anyfs put "$img" small /
	check_fs "$fs"
done
