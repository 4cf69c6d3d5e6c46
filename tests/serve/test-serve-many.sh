#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Forty clients at once each get the whole file, and a client that does not read delays none of
# them.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
requires smbclient --version
export ALICE=secret
mkdir tree
head -c 10M /dev/urandom >tree/file
image_ext4 tree

by_nfs() { nfs-cp "$(nfs p0/file)" "$1" >/dev/null; }
by_smb() { smbclient -s /dev/null -t 200 -p "$port" -U alice%secret //127.0.0.1/p0 -c "get file $1"; }

all_at_once() {
	local get=$1 i pids=()
	for i in $(seq 40); do
		"$get" "$get-$i" >"$get-$i.out" 2>&1 &
		pids+=($!)
	done
	for i in "${!pids[@]}"; do
		wait "${pids[$i]}" || fail "$get, client $i: $(cat "$get-$((i + 1)).out")"
	done
	for i in $(seq 40); do
		same tree/file "$get-$i"
	done
}

# A client that requests the file repeatedly and never reads.
stall() {
	python3 - "$port" <<'PYTHON' &
import socket, struct, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30)
s.setblocking(False)
ops = struct.pack(">II", 24, 15) + struct.pack(">I", 2) + b"p0\0\0"
ops += struct.pack(">II", 15, 4) + b"file" + struct.pack(">I", 25) + bytes(16)
ops += struct.pack(">QI", 0, 1 << 20)
call = struct.pack(">IIIIII", 15, 0, 2, 100003, 4, 1) + bytes(16)
call += struct.pack(">III", 0, 0, 4) + ops
message = struct.pack(">I", 0x80000000 | len(call)) + call
for _ in range(200):
    try:
        s.send(message)
    except BlockingIOError:
        break
open("stalled", "w").close()
time.sleep(600)
PYTHON
	staller=$!
	at_exit "kill $staller 2>/dev/null"
	wait_for test -e stalled
}

serve anyfs-nfsd "$img"
stall
all_at_once by_nfs
kill "$staller"
unset 'cleanups[-1]'
stop_server

serve anyfs-ksmbd --user alice:env:ALICE "$img"
all_at_once by_smb
stop_server
