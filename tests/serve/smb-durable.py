#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Open a file with a durable handle as a guest, and disconnect: smb-durable.py PORT SHARE FILE

The server keeps the file open, because the client may reopen it.
"""
import socket
import struct
import sys

NEGOTIATE, SESSION_SETUP, TREE_CONNECT, CREATE = 0, 1, 3, 5
MORE_PROCESSING = 0xc0000016
BATCH, OPEN_IF, READ_WRITE = 9, 3, 0x12019f
NTLMSSP = b"NTLMSSP\0"
NTLM_FLAGS = 0x60088a15


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.stream = self.socket.makefile("rb")
        self.message = self.session = self.tree = 0

    def call(self, command, body, expected=0):
        """Returns the whole response."""
        header = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, 0, command, 31, 0, 0, self.message,
                                          0, self.tree, self.session) + bytes(16)
        self.message += 1
        self.socket.sendall(struct.pack(">I", len(header + body)) + header + body)
        length, = struct.unpack(">I", self.stream.read(4))
        response = self.stream.read(length)
        status, = struct.unpack_from("<I", response, 8)
        assert status == expected, f"command {command}: status {status:#x}"
        self.tree, self.session = struct.unpack_from("<IQ", response, 36)
        return response

    def session_setup(self, token, expected=0):
        self.call(SESSION_SETUP, struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0) + token,
                  expected)


def login(client):
    """As a user without a name, which makes the client a guest."""
    client.call(NEGOTIATE, struct.pack("<HHHHI", 36, 1, 1, 0, 0) + bytes(24) +
                struct.pack("<H", 0x0210))
    client.session_setup(NTLMSSP + struct.pack("<II", 1, NTLM_FLAGS) + bytes(16), MORE_PROCESSING)
    empty = struct.pack("<HHI", 0, 0, 64)
    client.session_setup(NTLMSSP + struct.pack("<I", 3) + 6 * empty + struct.pack("<I", NTLM_FLAGS))


def open_durable(client, name):
    text = name.encode("utf-16-le")
    text_end = 120 + len(text)
    context = struct.pack("<IHHHHI", 0, 16, 4, 0, 24, 16) + b"DHnQ" + bytes(4 + 16)
    padding = bytes(-text_end % 8)
    body = struct.pack("<HBBIQQIIIIIHHII", 57, 0, BATCH, 2, 0, 0, READ_WRITE, 0x80, 7, OPEN_IF, 0x40,
                       120, len(text), text_end + len(padding), len(context))
    response = client.call(CREATE, body + text + padding + context)
    assert b"DHnQ" in response, "the handle is not durable"


port, share, file = sys.argv[1:]
c = Client(int(port))
login(c)
path = f"\\\\127.0.0.1\\{share}".encode("utf-16-le")
c.call(TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(path)) + path)
open_durable(c, file)
