#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# affs of the Amiga, old and fast; images of our own making.
. "${0%/*}/lib-fs.sh"
for kind in ofs ffs; do
	rm -f disk.img
	scratch_image 48M
	run "${0%/*}/make-affs.py" "$img" $kind
	writable "affs ($kind)" "$img" -
done
verdict
