#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: mkfs.btrfs of other users fails while any loop device is mounted
# anyfs mkdisk makes a btrfs in an encrypted volume, without zeros in its unused blocks.
. "${0%/*}/../lib.sh"
requires cryptsetup --version
requires mkfs.btrfs --version

printf 'right words' >key
for sector in 512 4096; do
	rm -f disk.img
	run anyfs mkdisk disk.img --size 340M --key file:key --part \
		"a:btrfs:rest:luks:luks-sector-size=$sector:pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1"
	[ "$(stat -c %b disk.img)" -lt $((64 << 11)) ] || fail "not sparse: $(stat -c %b disk.img)"
	run anyfs fsck --key file:key disk.img /p1 >/dev/null
	echo btrfs | run anyfs put --key file:key disk.img - /p1/name
	run anyfs cat --key file:key disk.img /p1/name | expect btrfs
done
