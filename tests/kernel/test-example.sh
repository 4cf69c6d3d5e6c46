#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The published example of the interface compiles against the build tree with the
# command of the documentation, and works.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc
echo root:x:0:0:root:/root:/bin/bash >tree/etc/passwd
chmod 640 tree/etc/passwd
touch -d @1700000000 tree/etc/passwd
image_ext4 tree part.img
truncate -s 34M disk.img
run sgdisk -n 1:2048:+32M disk.img >sgdisk.log
dd if=part.img of=disk.img bs=1M seek=1 conv=notrunc status=none
export PKG_CONFIG_PATH=$ANYFS_BUILD/lib/pkgconfig
# shellcheck disable=SC2046  # words are meant to be split
run cc "$ANYFS_TOP/tests/kernel/example.c" -o example $(pkg-config --cflags --libs anyfs)
run ./example | expect ok
