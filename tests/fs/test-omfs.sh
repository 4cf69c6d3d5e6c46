#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to omfs and read back, on an image made by a program of this
# project.
. "${0%/*}/lib-fs.sh"
scratch_image 128M
run "${0%/*}/make-omfs.py" "$img"
writable omfs "$img" -
verdict
