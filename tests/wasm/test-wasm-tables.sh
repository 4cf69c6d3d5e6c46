#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# @anyfs/core has the same partitions as the native tools in old partition tables.  A file system
# whose bytes only look like Acorn's table, which the kernel knows by a checksum of one byte, is a
# disk without partitions.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires sfdisk --version
make_table=$here/../fs/make-table.py

# same_as_native IMAGE PATH: both programs also list the root directory, which has PATH.
same_as_native() {
	run anyfs info --json "$1" >info.json
	run anyfs ls "$1" / >names
	grep -qx "$2" names || fail "$1: no $2: $(cat names)"
	wasm paths.mjs "$1" info.json names
}

mkdir tree
echo 'found it' >tree/proof
# With blocks of 4 KiB, ext4 uses only bytes 1024 to 2047 of the first block.
truncate -s 8M part.img
run mkfs.ext4 -q -b 4096 -d tree part.img

types=$("$make_table" 2>&1 | sed -n 's/.*types: //p') || true
[ "$(wc -w <<<"$types")" -ge 17 ] || fail "too few types: $types"
for type in $types; do
	truncate -s 64M disk.img
	dd if=part.img of=disk.img bs=1M seek=4 conv=notrunc status=none
	run "$make_table" "$type" disk.img
	same_as_native disk.img 'p[0-9]*'
	rm disk.img
done

cp part.img acorn.img
run "$make_table" acorn-adfs acorn.img
same_as_native acorn.img proof
# Noise without a file system: the only partition is as large as the disk.
truncate -s 100000 noise.img
run "$make_table" acorn-adfs noise.img
refuse 'no file system recognised' anyfs ls noise.img /
wasm noise.mjs noise.img

# In these tables, partition 1 may begin with the disk, so the disk begins with its file system.
for type in sun sgi; do
	truncate -s 64M $type.img
	dd if=part.img of=$type.img conv=notrunc status=none
	run sfdisk -q --wipe never --wipe-partitions never $type.img <<<"label: $type
		start=0, size=48195"
	same_as_native $type.img 'p[0-9]*'
done
