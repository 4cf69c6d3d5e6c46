#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the tables of a file system do not fit into the kernel's memory, the error says
# so and names the option that helps.  With that option the file system is read.
. "${0%/*}/../lib.sh"
requires mkfs.f2fs -V
scratch_image 2T
mkfs.f2fs -q "$img" >mkfs.log

code=0
anyfs ls "$img" >out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
[ "$(wc -l <err)" -eq 1 ] || fail "more than a line: $(cat err)"
grep -q 'disk.img: cannot be mounted as f2fs: its tables do not fit .*--mem' err || fail "$(cat err)"
run anyfs ls --mem 512 "$img"
