#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send requests without a signature: smb-unsigned.py PORT SHARE CASE

Logs in as alice with the password "secret", and connects to the share.  The server must refuse.
CASE is one of

    signed        SMB 2.1, with a right signature, which the server must accept
    no-signature  SMB 2.1
    bad-signature SMB 2.1, with the flag, but a wrong signature
    no-cipher     SMB 3.1.1
    cipher        SMB 3.1.1 with a cipher, but not encrypted
"""
import sys
import smb2

port, share, case = sys.argv[1:]
c = smb2.Client(int(port))
if case == "cipher":
    c.negotiate(smb2.SMB3_11, smb2.numbers(smb2.CIPHERS, [smb2.AES_128_GCM]))
elif case == "no-cipher":
    c.negotiate(smb2.SMB3_11)
else:
    c.negotiate(smb2.SMB2_10)
c.login("alice", smb2.NT_HASH_OF_SECRET)
if case == "bad-signature":
    c.key = bytes(16)
expected = 0 if case == "signed" else smb2.ACCESS_DENIED
c.tree_connect(share, expected, sign=case in ("signed", "bad-signature"))
