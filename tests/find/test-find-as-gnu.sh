#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Generated expressions of anyfs find select the same files, and print the same, as
# those of GNU find on the host kernel's mount of the image.
# root: mounts
. "${0%/*}/lib-find.sh"
needs_loop
requires setfattr --version
find_tree tree
image_ext4 tree
mkdir mnt
mount -o ro,loop,noatime "$img" mnt
at_exit "umount mnt"
run python3 "${0%/*}/compare-find.py" "$img" mnt 200
