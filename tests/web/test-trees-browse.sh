#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser shows the directories of an ext4 image, sorts them, follows links, mirrors the
# directory in location.hash, can be used with the keyboard alone, and shows errors in place.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_unix_tree tree
mkdir -p tree/etc "tree/a directory/inner" tree/many
printf 'root:x:0:0::/:/bin/sh\n' >tree/etc/passwd
for i in 1 2 9 10 100; do head -c $((200 - i)) /dev/zero >"tree/many/File $i.txt"; done
touch -d 2001-02-03 "tree/many/File 9.txt"
ln -s /nowhere tree/broken
ln -s "a directory" tree/to-folder
mkfifo tree/pipe
image_ext4 tree ext4.img

bundle trees page
web trees-browse.mjs page "$img"
