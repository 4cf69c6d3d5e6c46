#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Clients that wait to be accepted are accepted at once, not one after each round of work for the
# other clients.
. "${0%/*}/lib-serve.sh"
mkdir tree
image_ext4 tree

serve anyfs-nfsd -v "$img"
# These clients connect and leave while the server is stopped, so that all wait when it continues.
kill -STOP "$server"
run python3 - "$port" <<'PYTHON'
import socket, sys
for _ in range(20):
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30).close()
PYTHON
kill -CONT "$server"
have_left() { [ "$(grep -c ': disconnected' server.log)" -eq 20 ]; }
wait_for have_left
grep -o ': connected\|: disconnected' server.log >order
head -n 20 order >first
if matches disconnected <first; then fail "the order: $(uniq -c order)"; fi
stop_server
