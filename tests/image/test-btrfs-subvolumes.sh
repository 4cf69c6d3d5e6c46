#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Subvolumes of a btrfs are listed by anyfs info with their paths, and --subvol shows one as
# the root of the file system.
. "${0%/*}/../lib.sh"
requires mkfs.btrfs --version
requires jq --version
mkdir -p tree/dir
echo top >tree/file
truncate -s 120M disk.img
make_btrfs --rootdir tree disk.img
program image/subvol disk.img /users /dir/deep /users/nested "/two words"
echo inside >inside
run anyfs put disk.img inside /users/nested/

run anyfs info disk.img >listed
for path in users dir/deep users/nested 'two\x20words'; do
	grep -q "^  subvolume [0-9]* ${path//\\/\\\\}\$" listed || fail "$path is not listed: $(cat listed)"
done
run anyfs info --json disk.img | jq -r '.partitions[0].subvolumes[].path' | sort |
	expect $'dir/deep\ntwo words\nusers\nusers/nested'

run anyfs cat disk.img /file /users/nested/inside | expect $'top\ninside'
run anyfs ls --subvol users disk.img | expect nested
run anyfs cat --subvol users/nested disk.img /inside | expect inside
refuse "" anyfs ls --subvol none disk.img
refuse "--subvol" anyfs mkfs --subvol x disk.img
