#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The journal of an ext4 that was not unmounted is replayed in memory, and the image
# does not change.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays ext4 64M mkfs.ext4 -q
on_partition ext4.img
