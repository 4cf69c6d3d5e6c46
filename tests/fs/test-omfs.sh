#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# omfs; an image of our own making.
. "${0%/*}/lib-fs.sh"
scratch_image 128M
run "${0%/*}/make-omfs.py" "$img"
writable omfs "$img" -
verdict
