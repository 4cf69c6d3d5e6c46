#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Negotiate SMB 3.1.1 with a server.

    smb-negotiate.py signing PORT ALGORITHM...

prints the number of the signing algorithm that the server chooses from the list, or "none".
0 is HMAC-SHA256, 1 AES-CMAC, 2 AES-GMAC.

    smb-negotiate.py faster PORT MS COUNT

connects until a connection with its first answer takes less than MS milliseconds, and fails after
COUNT connections.
"""
import struct
import sys
import time
import smb2


def chosen(response):
    count, = struct.unpack_from("<H", response, 64 + 6)
    offset, = struct.unpack_from("<I", response, 64 + 60)
    for _ in range(count):
        kind, size = struct.unpack_from("<HH", response, offset)
        if kind == smb2.SIGNING:
            return struct.unpack_from("<HH", response, offset + 8)[1]
        offset += 8 + size + -size % 8
    return "none"


def ask(port, algorithms):
    return smb2.Client(port).negotiate(smb2.SMB3_11, smb2.numbers(smb2.SIGNING, algorithms))


def seconds(port):
    start = time.monotonic()
    ask(port, [1])
    return time.monotonic() - start


what, port, *numbers = sys.argv[1], *map(int, sys.argv[2:])
if what == "signing":
    print(chosen(ask(port, numbers)))
else:
    ms, count = numbers
    sys.exit(all(seconds(port) * 1000 >= ms for _ in range(count)))
