#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The first listing of an image of 10 GB at an http: address needs few requests and
# few bytes, for a GPT disk with a large ext4 and for a bare ext4.
. "${0%/*}/lib-sources.sh"

requires sgdisk --version
mkdir -p tree www
for i in $(seq 200); do echo "$i" >"tree/file $i"; done
truncate -s 10G www/root.img www/disk.img
mkfs.ext4 -q -d tree www/root.img
# The second partition begins at 101 MiB.
sgdisk -o -n 1:2048:+100M -n 2:0:+9500M www/disk.img >/dev/null
mkfs.ext4 -q -d tree -E offset=$((101 << 20)) www/disk.img 9500M
http_start

counts() {
	local nr bytes
	nr=$(requests)
	bytes=$(awk '{ n += $3 } END { print n }' requests)
	echo "$1: $nr requests, $bytes bytes"
	[ "$nr" -le "$2" ] || fail "$nr requests"
	[ "$bytes" -le 8000000 ] || fail "$bytes bytes"
	: >requests
}
run anyfs ls "$http/-/root.img" / | matches "file 200" || fail "not listed"
counts "a file system" 9
run anyfs ls "$http/-/disk.img" /p2 | matches "file 200" || fail "not listed"
counts "in a partition" 15
