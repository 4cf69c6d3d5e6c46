#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A manipulated jfs log is replayed or rejected as a whole, and nothing crashes.
. "${0%/*}/../lib.sh"
requires which mkfs.jfs
truncate -s 16M fs.img
run mkfs.jfs -q fs.img >mkfs.log 2>&1
program overlay/churn -k -s 5 -n 60 fs.img
program overlay/jfs-mutate fs.img 1 600 >counted
grep -q ' of 600 were replayed' counted || fail "$(cat counted)"
! grep -Eq '^(0|600) ' counted || fail "nothing hit: $(cat counted)"

# Get the tree without the log, which must be shown if the log is rejected.
cp fs.img without.img
log=$(od -An -tu4 -j$((32768 + 76)) -N4 fs.img)
printf '\0' | dd of=without.img bs=1 seek=$(((log + 1) * 4096)) conv=notrunc status=none
anyfs tar-out without.img / >without 2>/dev/null || true
refused=0
for seed in $(seq 20); do
	program overlay/jfs-mutate -o odd.img fs.img "$seed" "$seed" >counted
	sha256sum odd.img >before
	code=0
	anyfs tar-out odd.img / >shown 2>err || code=$?
	sha256sum -c --quiet before || fail "the image was written to"
	[ "$code" -le 125 ] || fail "exit $code: $(cat err)"
	grep -q 'its journal was replayed into memory' err && continue
	refused=$((refused + 1))
	# With a damaged superblock nothing can be mounted.
	if [ "$code" -eq 0 ] || [ -s shown ]; then
		same without shown
	fi
done
[ "$refused" -gt 0 ] || fail "none was refused"
