#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-efs.py IMAGE DIR - make an EFS, the file system of IRIX, with the content of DIR

Written from the kernel's efs_fs_sb.h and efs.h: one cylinder group, inodes and
then data, blocks of 512 bytes, extents of up to 248 blocks, 12 for a file.
"""
import stat
import struct
import sys

import tree

BLOCK = 512
FIRST = 2                       # block of the only cylinder group
ROOT = 2                        # inode
RUN = 248
MAGIC = 0x07295a


def directory(entries):
    """Directory blocks: slots with halved offsets of the entries, which fill the block from its end."""
    blocks = []
    slots, body = [], b""
    for name, number in entries:
        entry = struct.pack(">IB", number, len(name)) + name
        entry += bytes(len(entry) % 2)
        if 4 + len(slots) + 1 + len(body) + len(entry) > BLOCK:
            blocks.append((slots, body))
            slots, body = [], b""
        body = entry + body
        slots.append(BLOCK - len(body) >> 1)
    blocks.append((slots, body))
    return b"".join(
        (struct.pack(">HBB", 0xbeef, min(slots), len(slots)) + bytes(slots))
        .ljust(BLOCK - len(body), b"\0") + body for slots, body in blocks)


def main(path, source):
    nodes = tree.read(source)
    inode_blocks = -(-(len(nodes) + ROOT) // 4)
    inodes = bytearray(inode_blocks * BLOCK)
    data = b""

    for node in nodes:
        content = node.data()
        if node.is_dir():
            content = directory([(name, n.number + ROOT) for name, n in node.entries()])
        start = FIRST + inode_blocks + len(data) // BLOCK
        blocks = -(-len(content) // BLOCK)
        extents = b"".join(
            struct.pack(">II", start + at, min(RUN, blocks - at) << 24 | at)
            for at in range(0, blocks, RUN))
        if stat.S_ISCHR(node.mode) or stat.S_ISBLK(node.mode):
            extents = struct.pack(">H", node.major << 8 | node.minor)
        if len(extents) > 96:
            sys.exit(f"pack-efs.py: {node.path}: more than 12 extents")
        struct.pack_into(">4H5IHBB96s", inodes, (node.number + ROOT) * 128, node.mode,
                         node.links, node.uid, node.gid, len(content), node.mtime, node.mtime,
                         node.mtime, 0, len(extents) // 8, 0, 0, extents)
        data += content.ljust(blocks * BLOCK, b"\0")

    size = inode_blocks + len(data) // BLOCK
    super_block = struct.pack(">IIIHHHHHxxII6s6sI", FIRST + size, FIRST, size, inode_blocks, 1, 1,
                              1, 0, 0, MAGIC, b"anyfs", b"anyfs", 0)
    with open(path, "wb") as image:
        image.write(bytes(BLOCK) + super_block.ljust(BLOCK, b"\0") + inodes + data)


if __name__ == "__main__":
    main(*sys.argv[1:])
