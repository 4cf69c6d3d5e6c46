#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to hfsplus on an image made by a program of this project, and read
# from one made by xorriso in a Macintosh partition.  hfsplus has no holes, so the file of
# 4 GiB is stored in full.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires xorriso -version
big_image hfsplus.img
run "${0%/*}/make-hfsplus.py" "$img"
writable hfsplus "$img" -
rm -f "$img"
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode
# xorriso writes different data for devices each time.
rm faked/dev faked/fifo
sed -i '/^devices/d' before.faked
packed_image "hfsplus (xorriso)" '
	xorriso -report_about FATAL -as mkisofs -hfsplus -R -o "$1.iso" "$2"
	part=$(env -u LD_PRELOAD anyfs parts --json "$1.iso" | grep "\"path\": \"/p3\"")
	[[ $part =~ \"start\":\ ([0-9]+),\ \"size\":\ ([0-9]+) ]]
	dd if="$1.iso" of="$1" bs=1M status=none iflag=skip_bytes,count_bytes \
		skip="${BASH_REMATCH[1]}" count="${BASH_REMATCH[2]}"'
verdict
