#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On SIGINT, SIGTERM and SIGHUP a verb stops, unmounts cleanly, leaves no partial file
# and reports what it has not done.
. "${0%/*}/lib-write.sh"
stop=$ANYFS_TOP/tests/write/interrupt.py
mkdir -p tree/d
for i in $(seq 100 399); do head -c 20000 /dev/urandom >"tree/d/$i"; done
tar -cf tree.tar --sort=name -C tree .
head -c 9000000 /dev/urandom >large

for fs in $write_types; do
	echo "== $fs"
	make_fs "$fs"
	echo old | run anyfs put "$img" - /there
	run "$stop" SIGINT large 5000000 anyfs put "$img" - /half 2>err
	grep -q '^anyfs: stopped by SIGINT' err || fail "$fs: $(cat err)"
	grep -q '^anyfs: standard input: not copied' err || fail "$fs: $(cat err)"
	run "$stop" SIGTERM large 5000000 anyfs put "$img" - /there 2>err
	anyfs ls "$img" / >names
	if grep -q 'half\|anyfs' names; then fail "$fs: left: $(cat names)"; fi
	run anyfs cat "$img" /there | expect old
	check_fs "$fs"

	if has "$fs" owners; then owner=(); else owner=(--owner 0:0); fi
	run "$stop" SIGHUP tree.tar 3000000 anyfs tar-in --json "${owner[@]}" "$img" / >result 2>err
	grep -q '"exit": 129}' result || fail "$fs: $(cat result)"
	check_fs "$fs"
	anyfs ls "$img" /d >names
	[ "$(wc -l <names)" -gt 100 ] || fail "$fs: only $(wc -l <names) files arrived"
	while read -r name; do
		anyfs cat "$img" "/d/$name" | cmp -s - "tree/d/$name" || echo "$name"
	done < <(shuf -n 5 names) >wrong
	[ ! -s wrong ] || fail "$fs: wrong: $(cat wrong)"
done

# Interrupt put of a tree at different times: it finishes or stops, and fsck is clean each time.
make_fs ext4
for delay in 0.01 0.03 0.06 0.1 0.2; do
	code=0
	timeout --preserve-status -s INT $delay anyfs put "$img" tree /$delay 2>err || code=$?
	case $code in
	0) ;;
	130) [ ! -s err ] || grep -q '^anyfs: ' err || fail "$(cat err)" ;;
	*) fail "exit $code after $delay s: $(cat err)" ;;
	esac
	check_fs ext4
done

# Two writers at the same time: a writer excludes others.
mkfifo feed
anyfs put "$img" - /slow <feed &
writer=$!
exec 7>feed
# put reads part of its input before it opens the image: more input shows that the image is open.
head -c 5000000 large >&7
refuse "disk.img|in use" anyfs mkdir --no-wait "$img" /x
refuse "disk.img|open for writing" anyfs ls --no-wait "$img"
refuse "disk.img|open for writing" anyfs mkfs --no-wait --force "$img" ext4
echo two >&7
exec 7>&-
wait $writer || fail "the first writer: exit $?"
[ "$(anyfs cat "$img" /slow | md5sum)" = "$({ head -c 5000000 large; echo two; } | md5sum)" ] || fail "what the first writer wrote"
