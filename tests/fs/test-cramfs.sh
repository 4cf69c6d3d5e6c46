#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files smaller than 16 MiB are read from cramfs, which is compressed with zlib.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires mkfs.cramfs -V
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode
packed_image cramfs 'mkfs.cramfs "$2" "$1"'
run fsck.cramfs packed.img
verdict
