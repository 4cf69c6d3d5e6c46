#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The file browser replaces no file when it renames or moves one, renames "a" to "A" also on FAT,
# removes a directory until the user stops it, and uploads two files at the same time.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir -p tree/dir/deep
printf a >tree/a
printf b >tree/b
printf other >tree/dir/a
(cd tree/dir/deep && seq 20 | xargs touch)

image_ext4 tree ext4.img
web trees-rename.mjs "$ts/packages/trees/dist" "$img"
image_vfat tree vfat.img
web trees-rename.mjs "$ts/packages/trees/dist" "$img"
