#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system whose first sector the kernel takes for a partition table (Acorn's,
# known by one check byte) is a file system all the same.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/file
image_ext4 tree
# One partition of 16 sectors at sector 8, and the sum of the sector at its end.
printf '\010\0\0\0\020\0\0\0' | dd of="$img" bs=1 seek=8 conv=notrunc status=none
printf '\102' | dd of="$img" bs=1 seek=511 conv=notrunc status=none
anyfs ls -v "$img" >out 2>log || fail "$(tail -n 1 log)"
grep -q 'vda: .*vda1' log || skip "this kernel does not see a table there"
run anyfs cat "$img" /file | expect hello
run anyfs parts "$img" | grep -q '^/ .* ext4 ' || fail "$(anyfs parts "$img")"
