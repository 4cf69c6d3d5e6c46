#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Owe the server answers to breaks of oplocks: smb-breaks.py PORT SHARE

One connection opens a file twice; two others open a file each, and then that of the other one.
Each of the three second requests waits until its file's oplock is given back, which these clients
do not do.  Prints "waiting" when the server has asked all three, and waits for the end of the
server.
"""
import struct
import sys
import smb2


def connect(port, share):
    c = smb2.Client(port)
    c.negotiate(smb2.SMB2_10)
    c.login_guest()
    c.tree_connect(share)
    return c


def expect_break(c):
    command, = struct.unpack_from("<H", c.receive(), 12)
    assert command == smb2.OPLOCK_BREAK, f"command {command}"


alone, left, right = clients = [connect(int(sys.argv[1]), sys.argv[2]) for _ in range(3)]
for client, name in (alone, "a"), (left, "l"), (right, "r"):
    client.call(smb2.CREATE, smb2.batch_open(name))
for client, name in (alone, "a"), (left, "r"), (right, "l"):
    client.send(smb2.CREATE, smb2.batch_open(name))
for client in clients:
    expect_break(client)
print("waiting", flush=True)
for client in clients:
    client.receive()
