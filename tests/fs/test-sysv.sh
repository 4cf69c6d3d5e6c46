#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to sysv, release 4, and to the file system of Unix version 7, which has no
# signature, and read back.  A program of this project makes the images.
. "${0%/*}/lib-fs.sh"
scratch_image 80M
run "${0%/*}/make-sysv.py" "$img"
writable sysv "$img" -
rm "$img"
scratch_image 80M
run "${0%/*}/make-v7.py" "$img"
writable v7 "$img" - v7
verdict
