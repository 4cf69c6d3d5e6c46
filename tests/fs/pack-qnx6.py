#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-qnx6.py IMAGE DIR - make a QNX 6 file system with the content of DIR

Written from include/linux/qnx6_fs.h of the kernel: two super blocks, and a file with all
inodes.  Each file has 16 pointers, to data or to blocks of pointers.  Names have up to
27 bytes.  Devices are left out: how the format stores them is not known.
"""
import stat
import struct
import sys

import tree

BLOCK = 4096
BOOT, AREA = 0x2000, 0x1000     # before the data
MAGIC = 0x68191122
POINTERS, PER_BLOCK = 16, BLOCK // 4
NONE = 0xffffffff
DIRECTORY, NORMAL = 1, 3


def crc(data):
    """A CRC with Ethernet's polynomial, highest bit first, without inversion."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04c11db7 if value & 0x80000000 else 0)) & 0xffffffff
    return value


class Packer:
    def __init__(self):
        self.blocks = []

    def store(self, data):
        """Store data and levels of pointers; return the top 16 pointers and the number of levels."""
        pointers, levels = self.add(data), 0
        while len(pointers) > POINTERS:
            pointers = self.add(b"".join(struct.pack("<I", p) for p in pointers), b"\xff")
            levels += 1
        return pointers + [NONE] * (POINTERS - len(pointers)), levels

    def add(self, data, filler=b"\0"):
        first = len(self.blocks)
        for at in range(0, len(data), BLOCK):
            self.blocks.append(data[at:at + BLOCK].ljust(BLOCK, filler))
        return list(range(first, len(self.blocks)))

    def root_node(self, data):
        pointers, levels = self.store(data)
        return struct.pack("<Q16IBB6x", len(data), *pointers, levels, 0)


def known(node):
    return node.is_dir() or stat.S_ISREG(node.mode) or stat.S_ISLNK(node.mode)


def main(path, source):
    packer, inodes = Packer(), b""
    nodes = tree.read(source)
    for node in nodes:
        content = node.data()
        if node.is_dir():
            content = b"".join(struct.pack("<IB27s", child.number + 1, len(name), name)
                               for name, child in node.entries() if known(child))
        pointers, levels = packer.store(content)
        inodes += struct.pack("<Q6IHH16IBB26x", len(content), node.uid, node.gid, *[node.mtime] * 4,
                              node.mode, 0, *pointers, levels,
                              DIRECTORY if node.is_dir() else NORMAL)

    roots = packer.root_node(inodes) + packer.root_node(bytes(BLOCK)) + \
        packer.root_node(b"") + packer.root_node(b"")
    body = struct.pack("<QIIIHH16s6I", 1, 0, 0, 0, 3, 0, b"anyfs", BLOCK, len(nodes), 0,
                       len(packer.blocks), 0, 0) + roots
    body = body.ljust(504, b"\0")
    super_block = (struct.pack("<II", MAGIC, crc(body)) + body).ljust(AREA, b"\0")
    with open(path, "wb") as image:
        image.write(bytes(BOOT) + super_block + b"".join(packer.blocks) + super_block)


if __name__ == "__main__":
    main(*sys.argv[1:])
