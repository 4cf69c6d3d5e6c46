#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Linux has no replay for jfs: what is there without the journal is shown, and
# this is said; nothing is said of a clean one.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires which mkfs.jfs
truncate -s 64M fs.img
run mkfs.jfs -q fs.img >mkfs.log 2>&1
program overlay/change fs.img 0
anyfs cat fs.img /old 2>told | expect changed
[ ! -s told ] || fail "told: $(cat told)"
truncate -s 0 fs.img
truncate -s 64M fs.img
run mkfs.jfs -q fs.img >mkfs.log 2>&1
left_dirty fs.img
anyfs ls fs.img >listed 2>told || fail "$(cat told)"
told_once 'its journal was not replayed (only jfs_fsck can)'
same fs.img fs.img.before
