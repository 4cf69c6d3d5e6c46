#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# sysv, release 4; an image of our own making.
. "${0%/*}/lib-fs.sh"
scratch_image 80M
run "${0%/*}/make-sysv.py" "$img"
writable sysv "$img" -
verdict
