#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write the header of an encrypted volume in the form that parse-crypt.c takes.

    make-headers.py truecrypt           an unencrypted header of version 5
    make-headers.py bitlocker IMAGE     the metadata of a BitLocker image, without the data between
"""
import struct
import sys

SECTOR = 512
GUID_AT = 160                   # the GUID in the first sector; three offsets follow
GUID_AT_TO_GO = 424


def truecrypt():
    header = bytearray(448)
    struct.pack_into(">4sHHI", header, 0, b"TRUE", 5, 0x71a, 0)
    struct.pack_into(">QQQQII", header, 28, 0, 1 << 20, 131072, 1 << 20, 0, 512)
    header[192:256] = bytes(range(64))
    return b"T\0" + header


def bitlocker(path):
    with open(path, "rb") as image:
        first = bytearray(image.read(SECTOR))
        at = (GUID_AT if first[3:11] == b"-FVE-FS-" else GUID_AT_TO_GO) + 16
        image.seek(struct.unpack_from("<Q", first, at)[0])
        block = image.read(64 + 65536)
    size = 64 + struct.unpack_from("<I", block, 64)[0]
    struct.pack_into("<QQQ", first, at, SECTOR, SECTOR, SECTOR)
    return b"B" + first + block[:size]


if sys.argv[1] == "truecrypt":
    sys.stdout.buffer.write(truecrypt())
else:
    sys.stdout.buffer.write(bitlocker(sys.argv[2]))
