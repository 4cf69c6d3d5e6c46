#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-sysv.py IMAGE - an empty System V release 4 file system that fills IMAGE

Written from include/linux/sysv_fs.h of the kernel: blocks of 1 KiB, a super
block in the second half of the first, inodes from the third on, then data; the
free blocks are a chain of lists of 50.
"""
import struct
import sys

BLOCK = 1024
INODES = 1024
LIST = 50
ROOT = 2
NOW = 1700000000
MAGIC, TYPE_1K, CLEAN = 0xfd187e20, 2, 0x7c269d38


def directory():
    return b"".join(struct.pack("<H14s", ROOT, name) for name in (b".", b".."))


def inode(mode, links, size, block):
    zones = block.to_bytes(3, "little") + bytes(36)
    return struct.pack("<4HI39sB3I", mode, links, 0, 0, size, zones, 0, NOW, NOW, NOW)


def main(path):
    with open(path, "r+b") as image:
        total = image.seek(0, 2) // BLOCK
        first = 2 + INODES * 64 // BLOCK

        def write(block, data, offset=0):
            image.seek(block * BLOCK + offset)
            image.write(data)

        # The chain is as if the blocks were freed one by one, the highest first.
        free = []
        for block in range(total - 1, first, -1):
            if len(free) in (0, LIST):
                write(block, struct.pack("<I", len(free)) +
                      b"".join(struct.pack("<I", b) for b in free))
                free = []
            free.append(block)

        head = struct.pack("<HHIHH", first, 0, total, len(free), 0)
        head += struct.pack(f"<{LIST}I", *free, *[0] * (LIST - len(free)))
        head += struct.pack("<HH200x4xI8x", 0, 0, NOW)
        head += struct.pack("<IHH6s6s48x", total - first - 1, INODES - 2, 0, b"anyfs", b"anyfs")
        head += struct.pack("<III", CLEAN - NOW, MAGIC, TYPE_1K)
        write(0, head, 512)
        # Inode 1 is reserved for bad blocks.
        write(2, inode(0o100000, 1, 0, 0) + inode(0o40755, 2, 32, first))
        write(first, directory())


if __name__ == "__main__":
    main(sys.argv[1])
