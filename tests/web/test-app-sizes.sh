#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The sizes of directories count a file with several hard links once.  Files of two file systems are
# counted separately, even if they have the same inode number.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir tree
head -c 100000 /dev/urandom >tree/a
ln tree/a tree/b
image_ext4 tree one.img
cp one.img two.img
web app-sizes.mjs one.img two.img
