#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Linux cannot replay the journal of hfsplus: the files are shown without it, with a
# note that data may be missing.  A clean image causes no note.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
make_image() {
	rm -f fs.img*
	truncate -s 64M fs.img
	run "${0%/*}/../fs/make-hfsplus.py" fs.img
}
make_image
program overlay/change fs.img 0
anyfs cat fs.img /old 2>err | expect changed
[ ! -s err ] || fail "standard error: $(cat err)"
make_image
left_dirty fs.img
shows_synced 'it was not unmounted cleanly' fs.img
