#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The log of an xfs that was not unmounted is replayed in memory, and the image does
# not change.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays xfs 300M mkfs.xfs -q
