#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ufs of 4.4BSD; its tool here makes no ufs2 that can be found.
. "${0%/*}/lib-fs.sh"
requires which makefs
mkdir empty
makefs -t ffs -s 128m -f 3000 disk.img empty >/dev/null
img=$PWD/disk.img
writable "ufs (44bsd)" "$img" -
verdict
