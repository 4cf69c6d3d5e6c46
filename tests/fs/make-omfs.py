#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-omfs.py IMAGE - an empty OMFS, a file system of music players, that fills IMAGE

Written from fs/omfs/omfs_fs.h of the kernel: a super block, a root block that
says where the rest is, the root directory, a bitmap.
"""
import binascii
import struct
import sys

BLOCK = 2048
CLUSTER = 8
MAGIC, INODE_MAGIC = 0xC2993D87, 0xD2
HEADER = 24
DIR_START = 0x1b8
NONE = 0xffffffffffffffff
ROOT, ROOT_DIR, BITMAP = 1, 2, 3


def system_block(number, body):
    """A block with the header that all blocks except data have."""
    body = body.ljust(BLOCK - HEADER, b"\0")
    head = bytearray(struct.pack(">QIH2xB1sBB4x", number, len(body),
                                 binascii.crc_hqx(body, 0), 1, b"s", INODE_MAGIC, 0))
    for i in range(19):
        head[19] ^= head[i]
    return bytes(head) + body


def main(path):
    with open(path, "r+b") as image:
        total = image.seek(0, 2) // BLOCK
        bitmap_blocks = -(-total // (8 * BLOCK))
        used = BITMAP + bitmap_blocks
        bitmap = bytearray(bitmap_blocks * BLOCK)
        for block in range(used):
            bitmap[block // 8] |= 1 << block % 8

        root = struct.pack(">QQQQIIQ256s", 0, total, ROOT_DIR, BITMAP, BLOCK, CLUSTER, 1, b"anyfs")
        folder = struct.pack(">QQQ35x1s68x256sQ", NONE, NONE, 1700000000000, b"D", b"", BLOCK)
        folder = folder.ljust(DIR_START - HEADER, b"\0") + b"\xff" * (BLOCK - DIR_START)
        for block, data in (
                (0, bytes(256) + struct.pack(">QQIIII", ROOT, total, MAGIC, BLOCK, 1, BLOCK)),
                (ROOT, system_block(ROOT, root)),
                (ROOT_DIR, system_block(ROOT_DIR, folder)),
                (BITMAP, bitmap)):
            image.seek(block * BLOCK)
            image.write(data)


if __name__ == "__main__":
    main(sys.argv[1])
