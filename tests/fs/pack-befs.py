#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-befs.py IMAGE DIR - make a BeFS, the file system of BeOS on PCs, with the content of DIR

Written from the kernel's befs_fs_types.h: everything in one allocation group, each
file in one run, directories as B+trees.  Devices are left out: the kernel reads none.
"""
import stat
import struct
import sys

import tree

BLOCK = 1024                    # size of a disk block, and of a tree node
AG_SHIFT = 16
NONE = 0xffffffffffffffff
SUPER, INODE, TREE = (0x42465331, 0xdd121031, 0x15b6830e), 0x3bbe0ad9, 0x69f6c2e8
NATIVE, CLEAN = 0x42494745, 0x434c454e
IN_USE, LONG_SYMLINK = 1, 0x40
SMALLEST = 1440                 # the smallest disk, in blocks, that libblkid reads
FIRST = 2                       # the super block is in block 0, one for the journal


def run(block, length):
    return struct.pack("<IHH", block >> AG_SHIFT, block & 0xffff, length)


def blocks(content):
    return -(-len(content) // BLOCK)


def node(entries, right, overflow):
    """A node: the keys, the end of each key, and the values."""
    keys, ends = b"", []
    for key, _ in entries:
        keys += key
        ends.append(len(keys))
    head = struct.pack("<QQQHH", NONE, right, overflow, len(entries), len(keys)) + keys
    head += bytes(-len(head) % 8)
    return (head + struct.pack(f"<{len(ends)}H", *ends) +
            struct.pack(f"<{len(ends)}Q", *[value for _, value in entries])).ljust(BLOCK, b"\0")


def split(entries):
    """Split the entries into runs that fill a node each."""
    groups, room = [], 0
    for entry in entries:
        need = len(entry[0]) + 10
        if room < need:
            groups.append([])
            room = BLOCK - 36
        groups[-1].append(entry)
        room -= need
    return groups


def directory(entries):
    """A tree from the leaves up; the last child of a node has no key."""
    level, nodes, depth = sorted(entries), [], 1
    groups = split(level)
    while True:
        start = len(nodes)
        if depth > 1:
            # The last entry of each group is the target of all greater keys.
            nodes += [node(group[:-1], NONE, group[-1][1]) for group in groups]
        else:
            nodes += [node(group, (start + i + 2) * BLOCK if i + 1 < len(groups) else NONE, NONE)
                      for i, group in enumerate(groups)]
        if len(groups) == 1:
            break
        level = [(group[-1][0], (start + i + 1) * BLOCK) for i, group in enumerate(groups)]
        groups, depth = split(level), depth + 1
    size = (len(nodes) + 1) * BLOCK
    return struct.pack("<IIIIQQQ", TREE, BLOCK, depth, 0, len(nodes) * BLOCK, NONE,
                       size).ljust(BLOCK, b"\0") + b"".join(nodes)


def stream(block, content):
    """A data stream in the first of its twelve runs."""
    length = blocks(content)
    return struct.pack("<96sQ8sQ8sQQ", run(block, length), length * BLOCK, b"", 0, b"", 0,
                       len(content))


def main(path, source):
    nodes = [n for n in tree.read(source)
             if n.is_dir() or stat.S_ISREG(n.mode) or stat.S_ISLNK(n.mode)]
    place = {n: FIRST + i for i, n in enumerate(nodes)}
    inodes, data, at = b"", b"", FIRST + len(nodes)
    for n in nodes:
        content, flags = n.data(), IN_USE
        if n.is_dir():
            content = directory([(name, place[child]) for name, child in n.entries()
                                 if child in place])
        if stat.S_ISLNK(n.mode) and len(content) < 144:
            where = content
        else:
            flags |= LONG_SYMLINK if stat.S_ISLNK(n.mode) else 0
            where = stream(at, content)
            data += content.ljust(blocks(content) * BLOCK, b"\0")
            at += blocks(content)
        inodes += struct.pack("<I8s4IQQ8s8sIII144s", INODE, run(place[n], 1), n.uid, n.gid, n.mode,
                              flags, n.mtime << 16, n.mtime << 16, run(place[n.parent], 1), b"",
                              0, BLOCK, 0, where).ljust(BLOCK, b"\0")

    at = max(at, SMALLEST)
    if at >= 1 << AG_SHIFT:
        sys.exit("pack-befs.py: more than one allocation group holds")
    super_block = struct.pack("<32sIIIIQQIIIIII8sQQI8s8s", b"anyfs", SUPER[0], NATIVE, BLOCK, 10,
                              at, at, BLOCK, SUPER[1], 1 << AG_SHIFT, AG_SHIFT, 1, CLEAN,
                              run(1, 1), 0, 0, SUPER[2], run(FIRST, 1), b"")
    with open(path, "wb") as image:
        image.write(bytes(512) + super_block.ljust(512, b"\0") + bytes(BLOCK) + inodes + data)
        image.truncate(at * BLOCK)


if __name__ == "__main__":
    main(*sys.argv[1:])
