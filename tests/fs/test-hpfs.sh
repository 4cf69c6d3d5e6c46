#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# hpfs, written to one of our own making.  Its files have no holes: those of the tree
# must fit, since of a full disk the kernel makes a read-only one.
. "${0%/*}/lib-fs.sh"
scratch_image 100M
run "${0%/*}/make-hpfs.py" "$img"
writable hpfs "$img" -
verdict
