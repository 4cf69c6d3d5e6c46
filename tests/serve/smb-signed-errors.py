#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send signed requests that the server refuses before it processes them:
smb-signed-errors.py PORT SHARE

Logs in as alice with the password "secret".  The errors must be signed, too.
"""
import struct
import sys
import smb2

CLOSE = 6


def expect_error(c, command, body, expected):
    response = c.request(command, body, sign=True)
    status, = struct.unpack_from("<I", response, 8)
    assert status == expected, f"command {command}: status {status:#x}"
    assert response[48:64] == c.signature(response), f"status {status:#x} has no right signature"


close = struct.pack("<HHIQQ", 24, 0, 0, 1, 1)
port, share = sys.argv[1:]
c = smb2.Client(int(port))
c.negotiate(smb2.SMB2_10)
c.login("alice", smb2.NT_HASH_OF_SECRET)
c.tree_connect(share, sign=True)
right_tree = c.tree
c.tree = 999
expect_error(c, CLOSE, close, smb2.NETWORK_NAME_DELETED)
c.tree = right_tree
expect_error(c, CLOSE, b"\x99" + close[1:], smb2.INVALID_PARAMETER)
