#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are read from iso9660 with each of its extensions.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires genisoimage --version
requires xorriso -version
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode
packed_image "iso9660 (Rock Ridge)" 'genisoimage -quiet -R -o "$1" "$2"'
packed_image "iso9660 (Joliet)" 'genisoimage -quiet -J -input-charset utf-8 -o "$1" "$2"'
packed_image "iso9660 (zisofs)" 'xorriso -report_about FATAL -outdev "$1" -map "$2" / -set_filter_r --zisofs / -- -commit'
verdict
