#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to affs of the Amiga and read back, in the variants OFS and FFS.  A program
# of this project makes the images.
. "${0%/*}/lib-fs.sh"
for kind in ofs ffs; do
	rm -f disk.img
	scratch_image 48M
	run "${0%/*}/make-affs.py" "$img" $kind
	writable "affs ($kind)" "$img" -
done
verdict
