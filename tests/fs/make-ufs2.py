#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-ufs2.py IMAGE - an empty UFS2, as FreeBSD has it, in the whole groups of IMAGE

Written from the kernel's fs/ufs/ufs_fs.h: groups of 32 MiB, each a copy of the super
block, its maps and its inodes before the data; blocks of 32 KiB, fragments of 4.  The
super block is at 64 KiB.
"""
import struct
import sys

FRAG, PER_BLOCK = 4096, 8
BLOCK = FRAG * PER_BLOCK
GROUP = (32 << 20) // FRAG      # in fragments
INODES = 1024                   # of a group
PER_INODE_BLOCK = BLOCK // 256
SUPER, MAPS, TABLE = 24, 32, 40         # where they are in a group
DATA = TABLE + INODES * 256 // FRAG
SUMMARY, TOP = DATA, DATA + 1   # in the first group: the groups' counts, the top folder
ROOT = 2
NOW = 1700000000


def super_block(groups, free):
    block = bytearray(FRAG)
    for at, form, *values in (
            (8, "<6i", SUPER, MAPS, TABLE, DATA, 0, -1),
            (44, "<5i", groups, BLOCK, FRAG, PER_BLOCK, 8),
            (72, "<4i", -BLOCK, -FRAG, 15, 12),
            (96, "<3i", 3, 3, FRAG),                    # shifts, and the length of this
            (116, "<3i", BLOCK // 8, PER_INODE_BLOCK, FRAG // 512),
            (156, "<2i", FRAG, FRAG),                   # lengths of the summary and of maps
            (184, "<2i", INODES, GROUP),
            (209, "<B", 1),                             # clean
            (680, "<32s", b"anyfs"),
            (860, "<i", BLOCK),
            (1000, "<q4q", 65536, 1, *free),
            (1080, "<3q", groups * GROUP, groups * (GROUP - DATA) - 1, SUMMARY),
            (1320, "<2iQ2q", 120, 2, 1 << 60, BLOCK - 1, FRAG - 1),
            (1356, "<i12xI", 1, 0x19540119)):
        struct.pack_into(form, block, at, *values)
    return bytes(block)


def bitmap(bits, is_set):
    return sum(1 << bit for bit in range(bits) if is_set(bit)).to_bytes(bits // 8, "little")


def maps(group, free, counts):
    """A group's header, the map of its inodes and that of its free fragments."""
    partial = [0] * 8
    if counts[3]:
        partial[counts[3]] = 1          # one run of so many
    inode_map = 168
    block_map = inode_map + INODES // 8
    head = struct.pack("<4xIIIHHI4I", 0x090255, NOW, group, 0, 0, GROUP, *counts)
    head += struct.pack("<12x8I5I", *partial, 0, 0, inode_map, block_map, block_map + GROUP // 8)
    head += struct.pack("<12xII12xQ24x", INODES, 2 * PER_INODE_BLOCK, NOW)
    used = 3 if group == 0 else 0       # 0 and 1 are nobody's
    return (head + bitmap(INODES, lambda i: i < used) +
            bitmap(GROUP, lambda i: i >= free)).ljust(FRAG, b"\0")


def main(path):
    with open(path, "r+b") as image:
        groups = image.seek(0, 2) // FRAG // GROUP
        summary = []
        for group in range(groups):
            free = TOP + 1 if group == 0 else DATA
            counts = (int(group == 0), (GROUP - free) // PER_BLOCK,
                      INODES - (3 if group == 0 else 0), -free % PER_BLOCK)
            summary.append(counts)
            image.seek((group * GROUP + MAPS) * FRAG)
            image.write(maps(group, free, counts))
        block = super_block(groups, [sum(counts[i] for counts in summary) for i in (1, 2, 3)])
        for at in (65536, *((group * GROUP + SUPER) * FRAG for group in range(groups))):
            image.seek(at)
            image.write(block)
        inode = struct.pack("<HHIIIQQ4Q", 0o40755, 2, 0, 0, BLOCK, 512, FRAG // 512, *[NOW] * 4)
        image.seek(TABLE * FRAG + ROOT * 256)
        image.write(inode + bytes(48) + struct.pack("<Q", TOP))
        image.seek(SUMMARY * FRAG)
        image.write(b"".join(struct.pack("<4I", *counts) for counts in summary))
        image.seek(TOP * FRAG)
        image.write(struct.pack("<IHBB4sIHBB4s", ROOT, 12, 4, 1, b".", ROOT, 500, 4, 2, b".."))


if __name__ == "__main__":
    main(sys.argv[1])
