#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application in Chromium with the bridge of ts/electron: an image is opened by path in a
# utility process, browsed, edited, and written in place after the page and a system dialog have
# asked; e2fsck accepts it.  Files can be dropped, and a process that dies is reported.
. "${BASH_SOURCE[0]%/*}/lib-electron.sh"

make_tree fat-tree
make_unix_tree tree
mkdir tree/etc
echo '127.0.0.1 localhost' >tree/etc/hosts
image_ext4 tree ext4.img
cp "$img" dropped.img
image_gpt fat-tree tree
web electron-page.mjs "$img" dropped.img
run anyfs cat "$img" /p2/etc/hosts | expect "192.0.2.1 by the desktop"
dd if="$img" of=part2.img bs=1M skip=17 count=32 status=none
run e2fsck -fn part2.img
dd if="$img" of=part1.img bs=1M skip=1 count=16 status=none
run fsck.vfat -n part1.img
