#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a file of an NFS server in one request: big-write.py PORT SHARE FILE LOCAL

Clients of libnfs send at most 3800 bytes at once.  The state ID is the anonymous one, so
nothing has to be opened.  The data is read back by one request as well.
"""
import socket
import struct
import sys

PUTROOTFH, LOOKUP, READ, WRITE = 24, 15, 25, 38
FILE_SYNC = 2
ANONYMOUS = bytes(16)


def opaque(data):
    return struct.pack(">I", len(data)) + data + bytes(-len(data) % 4)


def receive(sock, n):
    data = b""
    while len(data) < n:
        part = sock.recv(n - len(data))
        assert part, "the server has closed the connection"
        data += part
    return data


def compound(sock, path, operation):
    """Return the bytes after the status of the last operation."""
    ops = [struct.pack(">I", PUTROOTFH)]
    ops += [struct.pack(">I", LOOKUP) + opaque(name.encode()) for name in path]
    ops.append(operation)
    call = struct.pack(">IIIIII", 15, 0, 2, 100003, 4, 1)
    call += struct.pack(">II", 1, 24) + struct.pack(">I", 0) + opaque(b"test")
    call += struct.pack(">III", 0, 0, 0) + struct.pack(">II", 0, 0)
    call += opaque(b"") + struct.pack(">II", 0, len(ops)) + b"".join(ops)
    sock.sendall(struct.pack(">I", 0x80000000 | len(call)) + call)
    size = struct.unpack(">I", receive(sock, 4))[0] & 0x7fffffff
    reply = receive(sock, size)
    status = struct.unpack_from(">I", reply, 24)[0]
    assert status == 0, f"status {status}"
    return reply[24 + 12 + 8 * len(ops):]


port, share, name, local = sys.argv[1:]
with open(local, "rb") as file:
    data = file.read()
with socket.create_connection(("127.0.0.1", int(port)), 60) as s:
    result = compound(s, [share, name], struct.pack(">I", WRITE) + ANONYMOUS +
                      struct.pack(">QI", 0, FILE_SYNC) + opaque(data))
    count, committed = struct.unpack_from(">II", result)
    assert (count, committed) == (len(data), FILE_SYNC), (count, committed)
    result = compound(s, [share, name], struct.pack(">I", READ) + ANONYMOUS +
                      struct.pack(">QI", 0, len(data)))
    eof, size = struct.unpack_from(">II", result)
    assert result[8:8 + size] == data, "other data was read"
