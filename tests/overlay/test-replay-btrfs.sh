#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The log tree of btrfs, which holds the data of the last fsync(), is replayed in memory.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires mkfs.btrfs --version
replays btrfs 128M make_btrfs
