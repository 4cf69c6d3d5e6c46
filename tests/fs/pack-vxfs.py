#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-vxfs.py IMAGE DIR - make a VxFS 4, the file system of UnixWare, with the content of DIR

Written from the headers of the kernel's freevxfs: a table of locations, which
names a list of the internal inodes; one of these is the list of
the files' inodes.  Files are one extent each.
"""
import stat
import struct
import sys

import tree

BLOCK, INODE, PAGE = 1024, 256, 4096
SUPER_MAGIC, TABLE_MAGIC = 0xa501fcf5, 0xa504fcf5
TABLE, OWN, HEADERS, LIST = 2, 4, 8, 12         # blocks
OWN_HEADER, OWN_LIST, FILE_LIST = 1, 2, 3       # inodes of the system's list
HEADER_TYPE, LIST_TYPE = 0x10000000, 0x20000000
ROOT = 2
IMMEDIATE, TYPED = 2, 3
ENTRY_HEADERS, ENTRY_LIST = 2, 4


def inode(mode, size, place, node=None, special=0):
    """An inode.  @place: the content itself, or the block at which the content begins."""
    kind, where = IMMEDIATE, place
    if not isinstance(place, bytes):
        kind, where = TYPED, struct.pack("<QII", 2 << 56, place, -(-size // BLOCK))
    links, uid, gid, time = (node.links, node.uid, node.gid, node.mtime) if node else (1, 0, 0, 0)
    return struct.pack("<4IQ6IBBHI8sIIQ96sI", mode, links, uid, gid, size, time, 0, time, 0, time,
                       0, 0, kind, 0, 0, struct.pack("<I", special), -(-size // BLOCK), 0, 0,
                       where, 0).ljust(INODE, b"\0")


def directory(entries):
    """Directory blocks without hash chains; the last entry of each block extends to its end."""
    blocks = []
    for name, number in entries:
        length = 10 + len(name) + 3 & ~3
        if not blocks or sum(len(e) for e in blocks[-1]) + length > BLOCK - 4:
            blocks.append([])
        blocks[-1].append(struct.pack("<IHHH", number, length, len(name), 0) +
                          name.ljust(length - 10, b"\0"))
    content = b""
    for block in blocks:
        rest = BLOCK - 4 - sum(len(e) for e in block[:-1])
        last = block[-1][:4] + struct.pack("<H", rest) + block[-1][6:]
        content += bytes(4) + b"".join(block[:-1]) + last.ljust(rest, b"\0")
    return content


def main(path, source):
    nodes = tree.read(source)
    room = -(-(len(nodes) + ROOT) * INODE // PAGE) * PAGE
    inodes, data, at = bytes(ROOT * INODE), b"", LIST + room // BLOCK
    for node in nodes:
        content, special = node.data(), node.major << 8 | node.minor
        if node.is_dir():
            content = directory([(n, c.number + ROOT) for n, c in node.children.items()])
            special = node.parent.number + ROOT
        if stat.S_ISLNK(node.mode) and len(content) < 96:
            inodes += inode(node.mode, len(content), content, node)
            continue
        inodes += inode(node.mode, len(content), at, node, special)
        content = content.ljust(-(-len(content) // BLOCK) * BLOCK, b"\0")
        data += content
        at += len(content) // BLOCK

    table = struct.pack("<14I", TABLE_MAGIC, 56, 0, 0, 0, 0, 0, TABLE, TABLE, 1, 0, 0, 0, 0)
    table += struct.pack("<4I", ENTRY_HEADERS, 16, OWN_HEADER, OWN_HEADER)
    table += struct.pack("<4I", ENTRY_LIST, 16, OWN, OWN)
    table += struct.pack("<II", 1, BLOCK - len(table))
    own = bytes(INODE) + inode(HEADER_TYPE, 2 * BLOCK, HEADERS) + inode(LIST_TYPE, PAGE, OWN) + \
        inode(LIST_TYPE, room, LIST)
    headers = b"".join(struct.pack("<6I16xI4xII", 4, 0, 0, 0, 0, len(nodes), len(nodes),
                                   number, number).ljust(BLOCK, b"\0")
                       for number in (OWN_LIST, FILE_LIST))
    super_block = bytearray(BLOCK)
    struct.pack_into("<8I4I", super_block, 0, SUPER_MAGIC, 4, 0, 0, 0, 0, 0, 0, BLOCK, at, at, 0)
    struct.pack_into("<III", super_block, 368, TABLE, TABLE, 1)
    with open(path, "wb") as image:
        for block, content in ((1, super_block), (TABLE, table), (OWN, own), (HEADERS, headers),
                               (LIST, inodes), (LIST + room // BLOCK, data)):
            image.seek(block * BLOCK)
            image.write(content)
        image.truncate(max(at, OWN + PAGE // BLOCK) * BLOCK)


if __name__ == "__main__":
    main(*sys.argv[1:])
