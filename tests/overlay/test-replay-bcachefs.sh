#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bcachefs reads its journal without writing: synced data is shown, the image does not
# change, and no note is printed.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
truncate -s 256M fs.img
run "${0%/*}/../fs/make-bcachefs.py" fs.img
left_dirty fs.img -t bcachefs
anyfs cat --fstype bcachefs fs.img /old /sub/kept >got 2>err || fail "$(cat err)"
(echo changed; seq 1 5000) >want
same got want
[ ! -s err ] || fail "standard error: $(cat err)"
same fs.img fs.img.before
