#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send malformed messages to a server: garbage.py PORT

Random bytes, truncated messages, a length of 2 GiB, silence: the server must continue.
"""
import random
import socket
import struct
import sys

port = int(sys.argv[1])
rng = random.Random(15)


def talk(data, half_close=False):
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.settimeout(0.2)
        try:
            s.sendall(data)
            if half_close:
                s.shutdown(socket.SHUT_WR)
            s.recv(65536)
        except (TimeoutError, ConnectionError):
            pass


def rpc(procedure, body, program=100003, version=4):
    call = struct.pack(">IIIIII", rng.getrandbits(32), 0, 2, program, version, procedure)
    call += struct.pack(">IIII", 0, 0, 0, 0) + body
    return struct.pack(">I", 0x80000000 | len(call)) + call


for n in (1, 3, 4, 100, 4096, 100000):
    talk(rng.randbytes(n))
    talk(rng.randbytes(n), half_close=True)
talk(struct.pack(">I", 0xffffffff) + b"x" * 1000)       # a fragment of 2 GiB
talk(struct.pack(">I", 0x7fffffff) + b"x" * 1000)
for _ in range(20):
    talk(struct.pack(">I", 4), half_close=True)         # many fragments that do not end
for procedure in range(4):
    talk(rpc(procedure, b""))
    talk(rpc(procedure, rng.randbytes(64)))
    talk(rpc(procedure, rng.randbytes(40000)))
talk(rpc(1, struct.pack(">III", 0, 0, 0xffffffff)))     # a compound of 2^32 operations
for op in range(80):
    talk(rpc(1, struct.pack(">IIII", 0, rng.randrange(3), 1, op) + rng.randbytes(200)))
for n in (0, 4, 64, 3000):                              # SMB
    talk(struct.pack(">I", n) + b"\xfeSMB" + rng.randbytes(n))
    talk(struct.pack(">I", n + 4) + b"\xffSMB" + rng.randbytes(n))
    talk(struct.pack(">I", n + 4) + b"\xfdSMB" + rng.randbytes(n))
    talk(struct.pack(">I", 0x00ffffff) + b"\xfeSMB" + rng.randbytes(n))
for command in range(20):
    head = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ16s", 64, 1, 0, command, 1, 0, 0, 1, 0, 0, 0, b"")
    body = rng.randbytes(100)
    talk(struct.pack(">I", len(head) + len(body)) + head + body)
