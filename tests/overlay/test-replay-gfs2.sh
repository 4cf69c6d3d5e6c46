#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The journal of gfs2, a cluster file system, is replayed in memory.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays gfs2 128M mkfs.gfs2 -qO -p lock_nolock -j 1
