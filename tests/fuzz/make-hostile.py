#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write an input that a parser must refuse.

    make-hostile.py list
    make-hostile.py PARSER-NAME FILE
"""
import struct
import sys


def tar_header(name, kind, size):
    """A header of a tar archive, with its checksum."""
    header = bytearray(512)
    header[:len(name)] = name
    header[100:108] = b"0000644\0"
    header[124:136] = b"%011o\0" % size
    header[148:156] = b" " * 8
    header[156:157] = kind
    header[257:265] = b"ustar\00000"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def tar_pax_record_of_one_byte():
    """The record of a pax header ends before its value begins."""
    return tar_header(b"pax", b"x", 512) + b"1 path\n".ljust(512, b"1") + bytes(1024)


def hfs_volume(extents_next):
    """An HFS+ volume with a header, and two trees of one leaf each at blocks 1 and 3."""
    def tree(number):
        header = bytearray(4096)
        header[8], header[11] = 1, 3
        struct.pack_into(">IH", header, 24, 1, 4096)     # the first leaf, size of a node
        return bytes(header) + number

    def leaf(following):
        node = bytearray(4096)
        struct.pack_into(">I", node, 0, following)
        node[8] = 0xff
        struct.pack_into(">H", node, 4094, 14)
        return bytes(node)

    first = bytearray(4096)
    first[1024:1026] = b"H+"
    struct.pack_into(">I", first, 1024 + 40, 4096)
    struct.pack_into(">II", first, 1024 + 208, 1, 2)
    struct.pack_into(">II", first, 1024 + 288, 3, 2)
    return bytes(first) + tree(leaf(extents_next)) + tree(leaf(0))


INPUTS = {
    "formats-tar-pax-record": tar_pax_record_of_one_byte,
    "crypt-luks1-cut": lambda: b"LLUKS\xba\xbe\0\1",
    "hfs-loop": lambda: hfs_volume(1),
}

if sys.argv[1] == "list":
    print(*INPUTS)
else:
    with open(sys.argv[2], "wb") as out:
        out.write(INPUTS[sys.argv[1]]())
