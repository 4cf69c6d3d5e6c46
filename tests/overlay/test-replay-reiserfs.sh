#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A journal that was not replayed is, and the image stays as it is.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays reiserfs 64M mkfs.reiserfs -qff
