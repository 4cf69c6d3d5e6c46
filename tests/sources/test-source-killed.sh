#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the process that serves an image is killed while it is read, the tool says so before it ends.
. "${0%/*}/lib-sources.sh"

make_image
http_start
# After four answers the server refuses, and the source tries again for a minute.
for round in {1..10}; do
	: >requests
	setsid anyfs hash "$http/away=4,round=$round/disk.img" >out 2>err &
	tool=$!
	is_reading() { [ "$(requests)" -ge 4 ]; }
	wait_for is_reading
	run pkill -KILL -s "$tool" -x anyfs-source-ht
	code=0
	wait "$tool" || code=$?
	[ "$code" -eq 1 ] || fail "exit $code: $(cat err)"
	grep -q "the process that serves it has ended" err || fail "no reason: $(cat err)"
	grep -vxFf www/hashes out && fail "wrong data was printed"
done
true
