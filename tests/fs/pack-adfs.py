#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-adfs.py IMAGE DIR - make an ADFS, the file system of RISC OS, with the content of DIR

Written from the kernel's adfs_fs.h, dir_fplus.h and the description in its map.c: the
new map in one zone, big directories.  It stores only files and directories: the kernel
cannot read the targets of links.
"""
import stat
import struct
import sys

import tree

SECTOR = 1024
ID_BITS = 13                    # of the map, for the number of a fragment
PER_BIT = 2048                  # bytes of the disk
HEADER_BITS = (4 + 60) * 8      # in the map, before the first fragment
MAP_FRAGMENT, FIRST = 2, 3
DIRECTORY, READ_WRITE = 8, 1 | 2 | 32
EPOCH = 2208988800              # seconds from 1900 to 1970
TEXT, UNIX_EXEC = 0xfff, 0xfe6


def fold(words):
    """The check value of directories: exclusive or, rotated by 13 bits."""
    value = 0
    for word in words:
        value = (value >> 13 | value << 19) & 0xffffffff ^ word
    return (value ^ value >> 8 ^ value >> 16 ^ value >> 24) & 0xff


def zone_check(zone):
    """The low byte of the sum of the words, from the last to the first, with end-around carry."""
    total = 0
    for word in reversed(struct.unpack(f"<{len(zone) // 4}I", b"\0" + zone[1:])):
        total = (total & 0xffffffff) + word + (total >> 32)
    return (total ^ total >> 8 ^ total >> 16 ^ total >> 24) & 0xff


def entry(node, name, size, names):
    kind = UNIX_EXEC if node.mode & 0o100 else TEXT
    stamp = (node.mtime + EPOCH) * 100
    attributes = READ_WRITE | (DIRECTORY if node.is_dir() else 0)
    return struct.pack("<7I", 0xfff00000 | kind << 8 | stamp >> 32, stamp & 0xffffffff, size,
                       (node.number + FIRST) << 8, attributes, len(name), names)


def directory(node, sizes):
    entries, names = b"", b""
    for name, child in node.children.items():
        if child in sizes:
            entries += entry(child, name, sizes[child], len(names))
            names += name.replace(b".", b"/") + b"\r"
            names += bytes(-len(names) % 4)
    size = sizes[node]
    body = struct.pack("<4s4sIIIII4s", b"", b"SBPr", 1, size, len(entries) // 28, len(names),
                       (node.parent.number + FIRST) << 8, b"$\r") + entries + names
    check = fold((*struct.unpack(f"<{len(body) // 4}I", body), *struct.unpack("<I", b"oven"),
                  0, 0, 0))
    return body.ljust(size - 8, b"\0") + struct.pack("<4s3xB", b"oven", check)


def size_of(node):
    """Size of the content; that of a directory follows from its names."""
    if not node.is_dir():
        return len(node.data())
    size = 40 + sum(28 + (len(name) + 4) // 4 * 4 for name in node.children)
    return -(-size // 2048) * 2048


class Map:
    def __init__(self):
        self.bits, self.length = 0, 0

    def add(self, number, size):
        """A fragment of the map: its number, zeros, and a one at its end."""
        bits = max(-(-size // PER_BIT), ID_BITS + 1)
        self.bits |= (number | 1 << (bits - 1)) << self.length
        self.length += bits
        return bits * PER_BIT


def main(path, source):
    nodes = [n for n in tree.read(source) if n.is_dir() or stat.S_ISREG(n.mode)]
    sizes = {n: size_of(n) for n in nodes}
    fragments = Map()
    data = bytes(fragments.add(MAP_FRAGMENT, 2 * SECTOR) - 2 * SECTOR)
    for node in nodes:
        content = node.data()
        if node.is_dir():
            content = directory(node, sizes)
        data += content.ljust(fragments.add(node.number + FIRST, sizes[node]), b"\0")

    if fragments.length > SECTOR * 8 - HEADER_BITS:
        sys.exit("pack-adfs.py: the files do not fit into one zone")
    record = struct.pack("<10BHIIH10sII4BII8x", 10, 5, 2, 2, ID_BITS, PER_BIT.bit_length() - 1,
                         0, 0, 0, 1, 32, FIRST << 8, fragments.length * PER_BIT, 0, b"anyfs",
                         0, 0, 0, 0, 0, 0, 1, sizes[nodes[0]])
    zone = struct.pack("<BHB", 0, 0x8000, 0xff) + record
    zone += fragments.bits.to_bytes(SECTOR - len(zone), "little")
    zone = bytes([zone_check(zone)]) + zone[1:]
    with open(path, "wb") as image:
        image.write(zone + zone + data)


if __name__ == "__main__":
    main(*sys.argv[1:])
