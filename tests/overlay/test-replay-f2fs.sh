#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Nodes of f2fs that fsync() wrote after the last checkpoint are rolled forward in memory.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays f2fs 64M mkfs.f2fs -q
