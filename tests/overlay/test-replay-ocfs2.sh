#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The journal of an ocfs2 that was not unmounted is replayed in memory, and the image
# does not change.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays ocfs2 128M mkfs.ocfs2 -q -F -M local -N 1 -J size=16M
