#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are read from romfs.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires which genromfs
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode
packed_image romfs 'genromfs -f "$1" -d "$2"'
verdict
