#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# sysv, release 4, and the seventh edition that it came from, which has nothing
# to be recognised by; images of our own making.
. "${0%/*}/lib-fs.sh"
scratch_image 80M
run "${0%/*}/make-sysv.py" "$img"
writable sysv "$img" -
rm "$img"
scratch_image 80M
run "${0%/*}/make-v7.py" "$img"
writable v7 "$img" - v7
verdict
