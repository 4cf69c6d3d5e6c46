#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Negotiate SMB 3.1.1 with a server.

    smb-negotiate.py signing PORT ALGORITHM...

prints the number of the algorithm for signatures that the server chooses of these, or "none".
0 is HMAC-SHA256, 1 AES-CMAC, 2 AES-GMAC.

    smb-negotiate.py fastest PORT COUNT

connects COUNT times, and prints the milliseconds of the fastest connection with its first answer.
"""
import socket
import struct
import sys
import time

PREAUTH, SIGNING = 1, 8
SHA512 = 1


def context(kind, data):
    return struct.pack("<HHI", kind, len(data), 0) + data + bytes(-len(data) % 8)


def negotiate(algorithms):
    header = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 0, 0, 0, 31, 0, 0, 0, 0, 0, 0) + bytes(16)
    offset = 64 + 36 + 4
    body = struct.pack("<HHHHI", 36, 1, 1, 0, 0) + bytes(16)
    body += struct.pack("<IHHHH", offset, 2, 0, 0x0311, 0)
    salt = bytes(32)
    contexts = context(PREAUTH, struct.pack("<HHH", 1, len(salt), SHA512) + salt)
    contexts += context(SIGNING, struct.pack(f"<H{len(algorithms)}H", len(algorithms), *algorithms))
    message = header + body + contexts
    return struct.pack(">I", len(message)) + message


def chosen(response):
    count, = struct.unpack_from("<H", response, 64 + 6)
    offset, = struct.unpack_from("<I", response, 64 + 60)
    for _ in range(count):
        kind, size = struct.unpack_from("<HH", response, offset)
        if kind == SIGNING:
            return struct.unpack_from("<HH", response, offset + 8)[1]
        offset += 8 + size + -size % 8
    return "none"


def ask(port, algorithms):
    with socket.create_connection(("127.0.0.1", port), 60) as s:
        s.sendall(negotiate(algorithms))
        stream = s.makefile("rb")
        length, = struct.unpack(">I", stream.read(4))
        return stream.read(length)


def seconds(port):
    start = time.monotonic()
    ask(port, [1])
    return time.monotonic() - start


what, port, *numbers = sys.argv[1], *map(int, sys.argv[2:])
if what == "signing":
    print(chosen(ask(port, numbers)))
else:
    print(round(min(seconds(port) for _ in range(numbers[0])) * 1000))
