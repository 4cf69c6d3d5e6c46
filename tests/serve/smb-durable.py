#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Open a file with a durable handle as a guest, and disconnect: smb-durable.py PORT SHARE FILE

The server keeps the file open, because the client may reopen it.
"""
import struct
import sys
import smb2

DURABLE = struct.pack("<IHHHHI", 0, 16, 4, 0, 24, 16) + b"DHnQ" + bytes(4 + 16)

port, share, file = sys.argv[1:]
c = smb2.Client(int(port))
c.negotiate(smb2.SMB2_10)
c.login_guest()
c.tree_connect(share)
response = c.call(smb2.CREATE, smb2.batch_open(file, DURABLE))
assert b"DHnQ" in response, "the handle is not durable"
