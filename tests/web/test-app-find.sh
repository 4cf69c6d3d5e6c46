#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application finds files by name and content, shows the sizes of directories, and lists
# the differences between two images.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_unix_tree tree
image_ext4 tree old.img
old=$img
touch -d '2001-02-03 04:05:06 UTC' time
echo new >tree/new
rm tree/zero
echo changed >>tree/deep/er/file-7
touch -r time tree/deep/er/file-7
image_ext4 tree new.img
web app-find.mjs "$img" "$old"
