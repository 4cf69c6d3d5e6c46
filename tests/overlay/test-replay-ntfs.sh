#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The driver writes no journal of its own: what it left behind is there as it is,
# and a log that Windows left open is looked at without a byte of it changing.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires which mkntfs
truncate -s 64M fs.img
run mkntfs -qF fs.img >mkfs.log 2>&1
left_dirty fs.img
anyfs cat fs.img /old /sub/kept >got 2>told || fail "$(cat told)"
(echo changed; seq 1 5000) >want
same got want
[ ! -s told ] || fail "told: $(cat told)"
same fs.img fs.img.before
