#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to bfs and read back.  This boot file system of UnixWare has one
# directory and names of 14 characters.
. "${0%/*}/lib-fs.sh"
requires mkfs.bfs --version
scratch_image 100M
run mkfs.bfs "$img"
writable bfs "$img" -
verdict
