#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: cryptsetup takes a lock in /run/cryptsetup
# cryptsetup itself decrypts a LUKS2 volume that anyfs mkdisk has made, and e2fsck finds no error.
. "${0%/*}/../lib.sh"
requires cryptsetup --version

printf 'right words' >key
for sector in 512 4096; do
	rm -f disk.img part header
	run anyfs mkdisk disk.img --size 60M --key file:key --part \
		"a:ext4:rest:label=inside:luks:luks-sector-size=$sector:pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1"
	echo hello | run anyfs put --key file:key disk.img - /p1/name
	dd if=disk.img of=part bs=1M skip=1 count=58 status=none
	# In the file "part" the decrypted data replaces the volume.
	run cryptsetup reencrypt --batch-mode --decrypt --force-offline-reencrypt \
		--header header --key-file key part >&2
	run e2fsck -fn part >/dev/null 2>&1
	run debugfs -R "cat /name" part 2>/dev/null | expect hello
	e2label part | expect inside
done
