#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# udf, of hard disks; its tools hold no checker.
. "${0%/*}/lib-fs.sh"
requires which mkfs.udf
scratch_image 64M
run mkfs.udf --media-type=hd --blocksize=512 "$img" >/dev/null
writable udf "$img" -
verdict
