#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A client that connects is answered at once.  With a listening thread that looks for clients every
# 100 ms, all connections but the first take that long.  On a busy machine an answer may be as late,
# so one quick answer of 300 is enough.
. "${0%/*}/lib-serve.sh"
mkdir tree
image_ext4 tree
export ALICE=secret
serve anyfs-ksmbd --user alice:env:ALICE "$img"
"${0%/*}/smb-negotiate.py" signing "$port" 1 >/dev/null
"${0%/*}/smb-negotiate.py" faster "$port" 50 300 || fail "no connection took less than 50 ms"
stop_server
