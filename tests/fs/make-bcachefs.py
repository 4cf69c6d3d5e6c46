#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-bcachefs.py IMAGE - an empty bcachefs that fills IMAGE

Debian 12 has no tools of bcachefs.  A new file system is only a superblock that
says it is not initialised: the kernel initialises it at the first mount for
writing.  Written from fs/bcachefs/bcachefs_format.h of the kernel.
"""
import struct
import sys
import uuid

MAGIC = bytes.fromhex("c68573f666ce90a9d96a60cf803df7ef")
VERSION = 1 << 10 | 13          # 1.13: inode_has_child_snapshots
LAYOUT_SECTOR, SB_SECTOR = 7, 8
SB_MAX_BITS = 11                # 1 MiB, in sectors of 512
BUCKET = NODE = 512             # 256 KiB, in sectors
FIELD_MEMBERS_V1, FIELD_MEMBERS_V2 = 1, 11
CRC32C, SIPHASH, FIX_SAFE = 1, 2, 3
JOURNAL_BTREE_USER = 1 << 2 | 1 << 3 | 1 << 4


def bits(*fields):
    word = 0
    for shift, value in fields:
        word |= value << shift
    return word


def field(kind, data):
    return struct.pack("<II", 1 + len(data) // 8, kind) + data


def member(buckets):
    state = bits((15, JOURNAL_BTREE_USER), (28, 2))     # durability 1, stored plus one
    return uuid.uuid4().bytes + struct.pack("<QHHB3xQQ8x", buckets, 0, BUCKET, 0, 0, state)


def flags():
    return (bits((8, FIX_SAFE), (12, NODE), (28, 8), (40, CRC32C),
                 (44, CRC32C), (48, 1), (52, 1), (56, 1)),
            bits((0, SIPHASH), (8, 1), (14, 7), (20, 1), (24, 1)),
            0,
            bits((28, 1), (29, 1), (30, 1000)),
            bits((0, 100), (32, 1)),
            bits((0, VERSION), (16, 30)),
            0)


def main(path):
    with open(path, "r+b") as image:
        sectors = image.seek(0, 2) // 512
        one = member(sectors // BUCKET)
        members = field(FIELD_MEMBERS_V1, one)
        members += field(FIELD_MEMBERS_V2, struct.pack("<H6x", 144) + one.ljust(144, b"\0"))
        layout = MAGIC + struct.pack("<BBB5x61Q", 0, SB_MAX_BITS, 2, SB_SECTOR,
                                     SB_SECTOR + (1 << SB_MAX_BITS), *[0] * 59)
        head = struct.pack("<HH4x", VERSION, VERSION) + MAGIC
        head += uuid.uuid4().bytes + uuid.uuid4().bytes + b"anyfs".ljust(32, b"\0")
        tail = struct.pack("<HBBIQII", 1, 0, 1, len(members) // 8, 0, 0, 1)
        tail += struct.pack("<7QQ2Q2Q", *flags(), 0, 0, 0, 0, 0) + layout + members

        image.seek(LAYOUT_SECTOR * 512)
        image.write(layout)
        for i in range(2):
            offset = SB_SECTOR + (i << SB_MAX_BITS)
            image.seek(offset * 512)
            # The checksum has the type "none" and is zero; the kernel's first write sets both.
            image.write(bytes(16) + head + struct.pack("<QQ", offset, 1) + tail)


if __name__ == "__main__":
    main(sys.argv[1])
