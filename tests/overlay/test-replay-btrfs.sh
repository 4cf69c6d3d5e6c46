#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A log tree is replayed: what fsync() left in no other place.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays btrfs 128M mkfs.btrfs -q
