#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The tester detects a disk that reports flushes as done although it has not done them.
. "$(dirname "$0")/../lib.sh"

for fs in ext4 xfs btrfs f2fs; do
	code=0
	(program powercut/powercut --states 20 --lie $fs) >$fs.out 2>$fs.err || code=$?
	tail -n 1 $fs.out
	[ $code -eq 1 ] && grep -q "^total $fs states 20 " $fs.out ||
		fail "$fs: exit $code: $(tail -n 1 $fs.err)"
	grep -Eq "^total .* (lost|unmountable) [1-9]" $fs.out || fail "$fs: nothing was lost"
done
