#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# For an encrypted volume inside another one, or in an LVM2 group inside another one, all keys
# that are given for its path are tried, and no others.
. "${0%/*}/lib-crypt.sh"
requires sgdisk --version

mkdir tree
echo inside >tree/name
image_ext4 tree plain.img 8M
printf 'inner words' >inner
printf 'outer words' >outer

# The outer and the inner volume have the same path, because the outer one has a single child.
cp inner key
luks_image -f raw plain.img inner.img
cp outer key
luks_image -f raw inner.img both.img
run python3 "${0%/*}/make-lvm.py" linear inner.img pv.img
luks_image -f raw pv.img group.img
truncate -s 64M disk.img
run sgdisk -n 1:2048:+20M -n 2:0:+30M disk.img >sgdisk.log
dd if=both.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=group.img of=disk.img bs=1M seek=21 conv=notrunc status=none
sha256sum disk.img >sums

run anyfs cat --key file:outer --key file:inner both.img /name | expect inside
run anyfs cat --key file:inner --key file:outer both.img /name | expect inside
run anyfs cat --key /p1:file:inner --key /p1:file:outer disk.img /p1/name | expect inside
run anyfs cat --key /p1:file:inner disk.img '/p1?keyfile=outer/name' | expect inside
run anyfs cat --key file:inner --key /p2:file:outer --key /p1:file:outer disk.img /p1/name \
	/p2/vol/name | expect $'inside\ninside'
run anyfs cat --key /p2:file:outer --key /p2/vol:file:inner disk.img /p2/vol/name | expect inside
run anyfs parts --key file:inner --key file:outer disk.img >listed
[ "$(grep -c ' ext4 ' listed)" -eq 2 ] || fail "not both file systems: $(cat listed)"

refused 4 "/p1: the key opens none of the keyslots tried: 0" \
	anyfs cat --key /p1:file:inner --key /p2:file:outer disk.img /p1/name
refused 4 "/p2/vol: the key opens none of the keyslots tried: 0" \
	anyfs cat --key /p2:file:outer --key /p2/vol:file:outer disk.img /p2/vol/name
refused 4 "/p2/vol: holds a LUKS1 volume (encrypted), and no key was given" \
	anyfs cat --key /p2:file:outer disk.img /p2/vol/name
run sha256sum -c --quiet sums

cp disk.img written.img
run anyfs put --key /p1:file:inner --key /p1:file:outer written.img inner /p1
run anyfs cat --key file:inner --key file:outer written.img /p1/inner | expect "inner words"
