#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system whose tables do not fit into the kernel's memory says so, and
# how to read it; with more memory it is read.
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
