#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ufs of 4.4BSD, and UFS2 of FreeBSD, which its tool here puts where nobody looks
# for it: one of our own making.
. "${0%/*}/lib-fs.sh"
requires which makefs
mkdir empty
makefs -t ffs -s 128m -f 3000 disk.img empty >/dev/null
img=$PWD/disk.img
writable "ufs (44bsd)" "$img" -
rm "$img"
scratch_image 128M
run "${0%/*}/make-ufs2.py" "$img"
writable "ufs (ufs2)" "$img" -
verdict
