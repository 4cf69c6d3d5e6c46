#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Open a file with a durable handle as a guest, and disconnect: smb-durable.py PORT SHARE FILE

The server keeps the file open, because the client may reopen it.
"""
import struct
import sys
import smb2

BATCH, OPEN_IF, READ_WRITE = 9, 3, 0x12019f


def open_durable(client, name):
    text = name.encode("utf-16-le")
    text_end = 120 + len(text)
    context = struct.pack("<IHHHHI", 0, 16, 4, 0, 24, 16) + b"DHnQ" + bytes(4 + 16)
    padding = bytes(-text_end % 8)
    body = struct.pack("<HBBIQQIIIIIHHII", 57, 0, BATCH, 2, 0, 0, READ_WRITE, 0x80, 7, OPEN_IF, 0x40,
                       120, len(text), text_end + len(padding), len(context))
    response = client.call(smb2.CREATE, body + text + padding + context)
    assert b"DHnQ" in response, "the handle is not durable"


port, share, file = sys.argv[1:]
c = smb2.Client(int(port))
c.negotiate(smb2.SMB2_10)
c.login_guest()
c.tree_connect(share)
open_durable(c, file)
