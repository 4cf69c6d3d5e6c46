#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# nilfs2; its tools hold no checker.
. "${0%/*}/lib-fs.sh"
requires mkfs.nilfs2 -V
scratch_image 256M
run mkfs.nilfs2 -q "$img"
writable nilfs2 "$img" -
verdict
