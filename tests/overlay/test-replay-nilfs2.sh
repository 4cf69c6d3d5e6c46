#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Segments of nilfs2 that were written after the last super root are recovered in memory.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays nilfs2 160M mkfs.nilfs2 -q
