#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system is opened although the kernel takes its first sector for a partition
# table (of Atari, which has no signature).
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/file
image_ext4 tree
# One partition of 16 sectors at sector 8.
printf '\001LNX\0\0\0\010\0\0\0\020' | dd of="$img" bs=1 seek=454 conv=notrunc status=none
anyfs ls -v "$img" >out 2>log || fail "$(tail -n 1 log)"
grep -q 'vda: .*vda1' log || fail "the kernel sees no table: $(cat log)"
run anyfs cat "$img" /file | expect hello
run anyfs parts "$img" | matches '^/ .* ext4 ' || fail "$(anyfs parts "$img")"
