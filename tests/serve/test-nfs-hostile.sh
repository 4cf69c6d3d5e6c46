#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The server continues after malformed messages, too many clients, and a client that was killed
# in the middle of a transfer.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
mkdir tree
echo hello >tree/hello
head -c 20M /dev/urandom >tree/big
image_ext4 tree disk.img 64M

serve anyfs-nfsd --max-conn 20 "$img"
run python3 "$ANYFS_TOP/tests/serve/garbage.py" "$port"
nfs-cat "$(nfs p0/hello)" | expect hello

# More clients than allowed are turned away, and there is room again when they have left.
run python3 - "$port" <<'PYTHON'
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) for _ in range(20)]
for s in held[:5]:
    s.sendall(b"\x80\x00\x00")      # an incomplete message
late = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30)
late.settimeout(30)
assert late.recv(1) == b"", "one client too many was served"
PYTHON
readable() { [ "$(nfs-cat "$(nfs p0/hello)")" = hello ]; }
wait_for readable
grep -q "refused: 20 clients are connected" server.log || fail "it was not reported: $(cat server.log)"

# A client that is killed in the middle of a transfer.
nfs-cat "$(nfs p0/big)" >/dev/null &
kill -9 $! && wait $! 2>/dev/null || true
nfs-cat "$(nfs p0/hello)" | expect hello
stop_server
