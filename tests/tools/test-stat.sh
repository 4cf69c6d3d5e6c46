#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs stat prints type, size, mode, owner and times of each kind of file.
. "${0%/*}/../lib.sh"
requires fakeroot --version
mkdir tree
echo hello >tree/file
chmod 4751 tree/file
touch -d '2024-02-03 04:05:06 UTC' tree/file
ln -s file tree/link
scratch_image 16M
# shellcheck disable=SC2016
fakeroot sh -c 'chown 1234:5678 tree/file; mknod tree/dev b 8 17; mkfs.ext4 -q -d tree "$1"' sh "$img"
TZ=UTC run anyfs stat "$img" /file >out
for word in 4751 1234 5678 6 '2024-02-03 04:05:06'; do
	grep -q -- "$word" out || fail "no $word in: $(cat out)"
done
run anyfs stat "$img" /dev | grep -Eq '8[,:] ?17' || fail "device numbers"
run anyfs stat "$img" /link | matches 'file' || fail "link target"
