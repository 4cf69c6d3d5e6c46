#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-v7.py IMAGE - an empty file system of Unix version 7 that fills IMAGE

Written from include/linux/sysv_fs.h of the kernel: blocks of 512 bytes, the
super block in the second, inodes from the third on, then data; the free blocks
are a chain of lists of 50.  Little endian, like on a PC.
"""
import struct
import sys

BLOCK = 512
INODES = 1024
LIST = 50
ROOT = 2
NOW = 1700000000


def inode(mode, links, size, block):
    zones = block.to_bytes(3, "little") + bytes(37)
    return struct.pack("<4HI40s3I", mode, links, 0, 0, size, zones, NOW, NOW, NOW)


def main(path):
    with open(path, "r+b") as image:
        total = image.seek(0, 2) // BLOCK
        first = 2 + INODES * 64 // BLOCK

        def write(block, data):
            image.seek(block * BLOCK)
            image.write(data)

        # The chain is as if the blocks were freed one by one, the highest first.
        free = []
        for block in range(total - 1, first, -1):
            if len(free) in (0, LIST):
                write(block, struct.pack(f"<H{len(free)}I", len(free), *free))
                free = []
            free.append(block)

        head = struct.pack(f"<HIH{LIST}I", first, total, len(free), *free, *[0] * (LIST - len(free)))
        head += struct.pack("<H200x4xIIHHH6s6s", 0, NOW, total - first - 1, INODES - 2, 0, 0,
                            b"anyfs", b"anyfs")
        write(1, head)
        # Inode 1 is reserved for bad blocks.
        write(2, inode(0o100000, 1, 0, 0) + inode(0o40755, 2, 32, first))
        write(first, struct.pack("<H14sH14s", ROOT, b".", ROOT, b".."))


if __name__ == "__main__":
    main(sys.argv[1])
