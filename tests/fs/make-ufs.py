#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-ufs.py ufs2|sun|sunx86 IMAGE - an empty UFS with as many groups as fit into IMAGE

UFS2 is FreeBSD's; the others are those of Solaris on SPARC (big endian) and on PCs.
Written from the kernel's fs/ufs/ufs_fs.h: groups of 32 MiB, each a copy of the super
block, its maps and its inodes before the data; blocks of 8 KiB, fragments of 1.
"""
import struct
import sys

FRAG, PER_BLOCK = 1024, 8
BLOCK = FRAG * PER_BLOCK
GROUP = (32 << 20) // FRAG      # in fragments
INODES = 1024                   # of a group
MAP_BYTES = 5 * FRAG            # a group's header and its maps
ROOT = 2
NOW = 1700000000
STATE_OK = 0x7c269d38


class Layout:
    """The offsets of the parts of a group, in fragments, and the byte order."""

    def __init__(self, kind):
        self.kind, self.ufs2 = kind, kind == "ufs2"
        self.order = ">" if kind == "sun" else "<"
        self.super_at = 65536 if self.ufs2 else 8192
        self.inode_bytes = 256 if self.ufs2 else 128
        self.copy = -(-(self.super_at + BLOCK) // BLOCK) * PER_BLOCK
        self.maps = self.copy + PER_BLOCK
        self.table = self.maps + PER_BLOCK
        self.data = self.table + INODES * self.inode_bytes // FRAG
        # The first group has the counts of all groups, and the root directory.
        self.summary, self.top = self.data, self.data + 1

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)


def super_block(l, groups, free):
    size, room = groups * GROUP, groups * (GROUP - l.data) - 1
    fields = [
        (8, "6i", l.copy, l.maps, l.table, l.data, 0, -1),
        (44, "5i", groups, BLOCK, FRAG, PER_BLOCK, 8),
        (72, "4i", -BLOCK, -FRAG, 13, 10),
        (96, "3i", 3, 1, 2 * FRAG),                     # shifts, and the length of this block
        (116, "3i", BLOCK // (8 if l.ufs2 else 4), BLOCK // l.inode_bytes, FRAG // 512),
        (156, "2i", FRAG, MAP_BYTES),                   # length of the summary
        (184, "2i", INODES, GROUP),
        (209, "B", 1),                                  # clean
        (1356, "i12xI", 1, 0x19540119 if l.ufs2 else 0x011954)]
    if l.ufs2:
        fields += [(680, "32s", b"anyfs"), (860, "i", BLOCK), (1000, "q4q", 65536, 1, *free),
                   (1080, "3q", size, room, l.summary),
                   (1320, "2iQ2q", 120, 2, 1 << 60, BLOCK - 1, FRAG - 1)]
    else:
        # A group is a cylinder of one track.
        fields += [(32, "3i", NOW, size, room), (152, "i", l.summary), (192, "4i", 1, *free),
                   (164, "5i", 1, GROUP * FRAG // 512, GROUP * FRAG // 512, groups, 1),
                   (1360, "i", 1),
                   (132 if l.kind == "sunx86" else 1336, "I", STATE_OK - NOW),
                   (1340, "2q", BLOCK - 1, FRAG - 1)]
    block = bytearray(2 * FRAG)
    for at, form, *values in fields:
        struct.pack_into(l.order + form, block, at, *values)
    return bytes(block)


def bitmap(bits, is_set):
    return sum(1 << bit for bit in range(bits) if is_set(bit)).to_bytes(bits // 8, "little")


def maps(l, group, free, counts):
    """A group's header, the map of its inodes and that of its free fragments."""
    partial = [0] * 8
    if counts[3]:
        partial[counts[3]] = 1          # one run of that many fragments
    inode_map = 176                     # after the blocks of the cylinder, twice
    block_map = inode_map + INODES // 8
    head = l.pack("4xIIIHHI4I", 0x090255, NOW, group, 0, 0, GROUP, *counts)
    head += l.pack("12x8I5I", *partial, 168, 172, inode_map, block_map, block_map + GROUP // 8)
    head += l.pack("12xII12xQ24x", INODES, 2 * BLOCK // 256, NOW) if l.ufs2 else bytes(64)
    head += l.pack("IH2x", counts[1], counts[1])
    used = 3 if group == 0 else 0       # 0 and 1 are reserved
    return (head + bitmap(INODES, lambda i: i < used) +
            bitmap(GROUP, lambda i: i >= free)).ljust(MAP_BYTES, b"\0")


def top_inode(l):
    if l.ufs2:
        head = l.pack("HHIIIQQ4Q", 0o40755, 2, 0, 0, BLOCK, 512, FRAG // 512, *[NOW] * 4)
        return head + bytes(48) + l.pack("Q", l.top)
    head = l.pack("HHHHQ6I", 0o40755, 2, 0, 0, 512, *[NOW, 0] * 3)
    return head + l.pack("I60xI20x", l.top, FRAG // 512)


def top_directory(l):
    if l.ufs2:
        form, one, two = "IHBB4s", (4, 1), (4, 2)       # a directory, the name's length
    else:
        form, one, two = "IHH4s", (1,), (2,)
    return l.pack(form, ROOT, 12, *one, b".") + l.pack(form, ROOT, 500, *two, b"..")


def main(kind, path):
    l = Layout(kind)
    with open(path, "r+b") as image:
        groups = image.seek(0, 2) // FRAG // GROUP
        summary = []
        for group in range(groups):
            free = l.top + 1 if group == 0 else l.data
            counts = (int(group == 0), (GROUP - free) // PER_BLOCK,
                      INODES - (3 if group == 0 else 0), -free % PER_BLOCK)
            summary.append(counts)
            image.seek((group * GROUP + l.maps) * FRAG)
            image.write(maps(l, group, free, counts))
        block = super_block(l, groups, [sum(counts[i] for counts in summary) for i in (1, 2, 3)])
        for at, content in (
                (l.super_at, block),
                *(((group * GROUP + l.copy) * FRAG, block) for group in range(groups)),
                (l.table * FRAG + ROOT * l.inode_bytes, top_inode(l)),
                (l.summary * FRAG, b"".join(l.pack("4I", *counts) for counts in summary)),
                (l.top * FRAG, top_directory(l))):
            image.seek(at)
            image.write(content)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("ufs2", "sun", "sunx86"):
        sys.exit("usage: make-ufs.py ufs2|sun|sunx86 IMAGE")
    main(*sys.argv[1:])
