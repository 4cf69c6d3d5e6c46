#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A log tree, which holds the data of the last fsync(), is replayed.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
requires mkfs.btrfs --version
replays btrfs 128M make_btrfs
