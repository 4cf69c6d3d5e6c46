#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to hpfs and read back, on an image made by a program of this
# project.  hpfs has no holes, and the kernel makes a full hpfs read-only, so all files
# of the tree must fit.
. "${0%/*}/lib-fs.sh"
scratch_image 100M
run "${0%/*}/make-hpfs.py" "$img"
writable hpfs "$img" -
verdict
