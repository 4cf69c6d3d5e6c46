#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to udf for hard disks and read back.  The package udftools has no program
# that checks it.
. "${0%/*}/lib-fs.sh"
requires which mkfs.udf
scratch_image 64M
run mkfs.udf --media-type=hd --blocksize=512 "$img" >/dev/null
writable udf "$img" -
verdict
