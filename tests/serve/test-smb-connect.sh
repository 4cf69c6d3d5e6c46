#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A client that connects is answered at once.  With a listening thread that looks for clients every
# 100 ms, all connections but the first take that long.
. "${0%/*}/lib-serve.sh"
mkdir tree
image_ext4 tree
export ALICE=secret
serve anyfs-ksmbd --user alice:env:ALICE "$img"
"${0%/*}/smb-negotiate.py" fastest "$port" 1 >/dev/null
fastest=$("${0%/*}/smb-negotiate.py" fastest "$port" 20)
[ "$fastest" -lt 50 ] || fail "the fastest of 20 connections took $fastest ms"
stop_server
