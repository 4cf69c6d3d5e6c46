#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A journal that was not replayed is, and the image stays as it is.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays ocfs2 128M mkfs.ocfs2 -q -F -M local -N 1 -J size=16M
