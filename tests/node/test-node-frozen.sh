#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# disk.frozen(): a copy that is made of the image meanwhile has an empty journal and passes
# e2fsck; calls that are made meanwhile wait.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree
node_image tree
run_node "${BASH_SOURCE[0]%/*}/frozen.js" disk.img copy-
for copy in here isolated; do
	clean_image copy-$copy
	! dumpe2fs -h copy-$copy 2>/dev/null | matches needs_recovery || fail "copy-$copy has a journal to replay"
	run anyfs cat copy-$copy /$copy | expect before
	refuse "$copy-11" anyfs cat copy-$copy /$copy-11
	[ "$(run anyfs cat disk.img /$copy)" = after ] || fail "disk.img lost a change"
done
clean_image disk.img
