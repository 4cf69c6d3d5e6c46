#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --timeout ends a command that would not end by itself.  It prints one line, with the
# sandbox and without.
. "$(dirname "$0")/../lib.sh"

mkdir tree
head -c 2000000 /dev/zero >tree/large
image_ext4 tree
mkfifo pipe
exec 3<>pipe		# open for reading, but never read

for sandbox in "" --no-sandbox; do
	code=0
	# shellcheck disable=SC2086 # none or one
	anyfs cat $sandbox --timeout 1 "$img" /large >pipe 2>err || code=$?
	[ $code -eq 124 ] || fail "exit $code: $(cat err)"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
	grep -q "^anyfs: gave up after 1 seconds: .*--timeout" err || fail "says: $(cat err)"
done

run anyfs cat --timeout 100 "$img" /large | cmp - tree/large
for bad in 0 -1 x ""; do
	refuse "--timeout $bad|seconds" anyfs ls --timeout "$bad" "$img"
done
refuse "--timeout 2000000: give seconds from 1 to 1048576" anyfs ls --timeout 2000000 "$img"
