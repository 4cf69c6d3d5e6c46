#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel finds the partition in tables that no tool of Debian writes and a program
# of this project makes, and the tools find the file system in it.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
make_table=${0%/*}/make-table.py
MIB=1048576

mkdir files
echo "found it" >files/proof
scratch_image 8M part.img
# The first block of the partition has room for Cumana's table.
mkfs.ext4 -q -b 4096 -d files "$img"
part=$img

# TYPE START SIZE, in MiB: set $number to the number of the partition at START.
find_part() {
	run anyfs parts --json "$img" >parts.json
	number=$(sed -n "s/.*\"number\": \([0-9]*\), \"start\": $(($2 * MIB)), \"size\": $(($3 * MIB)).*/\1/p" \
		parts.json)
	[ -n "$number" ] || fail "$1: not found: $(cat parts.json)"
}

types=$("$make_table" 2>&1 | sed -n 's/.*types: //p') || true
[ "$(wc -w <<<"$types")" -ge 17 ] || fail "too few types: $types"
for type in $types; do
	rm -f disk.img
	scratch_image 64M
	if [ "$type" = acorn-adfs ]; then		# the ADFS partition itself, at the start
		run "$make_table" "$type" "$img"
		find_part "$type" 0 4
		continue
	fi
	dd if="$part" of="$img" bs=1M seek=4 conv=notrunc status=none
	run "$make_table" "$type" "$img"
	find_part "$type" 4 8
	run anyfs cat "$img" "/p$number/proof" | expect "found it"
done

# Only a checksum of one byte marks Acorn's table, so one in 256 images of noise seems to have one.
# A table whose only partition is as large as the disk is therefore ignored.
truncate -s 100000 noise.img
run "$make_table" acorn-adfs noise.img
refuse 'noise.img: no file system recognised' anyfs ls noise.img /
