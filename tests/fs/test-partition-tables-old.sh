#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Partition tables that no tool of Debian writes, made by one of our own: the kernel
# finds the partition, and the tools the file system in it.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
make_table=${0%/*}/make-table.py
MIB=1048576

mkdir files
echo "found it" >files/proof
scratch_image 8M part.img
mkfs.ext4 -q -d files "$img"
part=$img

types=$("$make_table" 2>&1 | sed -n 's/.*types: //p') || true
[ "$(wc -w <<<"$types")" -ge 12 ] || fail "too few types: $types"
for type in $types; do
	rm -f disk.img
	scratch_image 64M
	run "$make_table" "$type" "$img"
	dd if="$part" of="$img" bs=1M seek=4 conv=notrunc status=none
	run anyfs parts --json "$img" >parts.json
	number=$(sed -n "s/.*\"number\": \([0-9]*\), \"start\": $((4 * MIB)), \"size\": $((8 * MIB)).*/\1/p" \
		parts.json)
	[ -n "$number" ] || fail "$type: not found: $(cat parts.json)"
	run anyfs cat "$img" "/p$number/proof" | expect "found it"
done
