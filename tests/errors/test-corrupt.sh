#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Corrupt file systems cause errors and no crash, and their intact files can be read.
. "${0%/*}/../lib.sh"
mkdir -p tree/good tree/bad
echo fine >tree/good/file
head -c 100000 /dev/urandom >tree/bad/file
image_ext4 tree
inode=$(debugfs -R 'stat /bad/file' "$img" 2>debugfs.err | sed -n 's/^Inode: \([0-9]*\).*/\1/p')
[ -n "$inode" ] || fail "no inode number"
debugfs -w -R 'sif /bad/file block[0] 0xffffffff' "$img" 2>>debugfs.err
code=0
anyfs cat "$img" /bad/file >out 2>err || code=$?
[ $code -ge 1 ] && [ $code -le 125 ] || fail "exit $code: $(cat err)"
grep -q '^anyfs: .*/bad/file' err || fail "no clear line: $(cat err)"
run anyfs cat "$img" /good/file | expect fine
# Overwrite every third KiB of the first 64, one in each round: an error or the right data.
for k in $(seq 1 3 63); do
	cp --sparse=always "$img" broken.img
	dd if=/dev/urandom of=broken.img bs=1K seek="$k" count=1 conv=notrunc status=none
	code=0
	timeout 300 "$(command -v anyfs)" cat broken.img /good/file >out 2>err || code=$?
	[ $code -le 123 ] || fail "kilobyte $k: exit $code: $(cat err)"
	[ $code -ne 0 ] || expect fine <out
done
