#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application compares two subvolumes of one Btrfs.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"
requires mkfs.btrfs --version

mkdir -p tree/dir
truncate -s 120M disk.img
make_btrfs --rootdir tree disk.img
program image/subvol disk.img /old /dir/now
echo gone >gone
echo added >added
run anyfs put disk.img gone /old/
run anyfs put disk.img added /dir/now/
web app-snapshots.mjs disk.img
