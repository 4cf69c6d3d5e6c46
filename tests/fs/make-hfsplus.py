#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-hfsplus.py IMAGE [BLOCKS] - an empty HFS+ volume that fills IMAGE

BLOCKS is the size of each tree in blocks of 4096 bytes, default 512.

Written from the published format (Apple's Technical Note TN1150), because Debian has
no tool that makes one.
"""
import struct
import sys

BLOCK = 4096
NAME = "anyfs"
ROOT_PARENT, ROOT = 1, 2
NEXT_ID = 16                    # smaller numbers are reserved
EPOCH = 2082844800              # seconds from 1904 to 1970
NOW = EPOCH + 1700000000
UNMOUNTED = 0x100
BIG_KEYS, VARIABLE_INDEX_KEYS = 2, 4


def name_of(text):
    return struct.pack(">H", len(text)) + text.encode("utf-16-be")


def node(size, kind, height, records):
    """A node of a tree: descriptor, records, and from its end their offsets."""
    data = bytearray(struct.pack(">IIbBHH", 0, 0, kind, height, len(records), 0))
    offsets = []
    for record in records:
        offsets.append(len(data))
        data += record
    offsets.append(len(data))
    data += bytes(size - len(data))
    for i, offset in enumerate(offsets):
        struct.pack_into(">H", data, size - 2 * (i + 1), offset)
    return bytes(data)


def tree(length, node_size, max_key, attributes, leaf_records):
    """A tree with one leaf or none."""
    nodes = length // node_size
    used = 2 if leaf_records else 1
    header = struct.pack(">HIIIIHHIIHIBBI64x", 1 if leaf_records else 0, used - 1,
                         len(leaf_records), used - 1, used - 1, node_size, max_key, nodes,
                         nodes - used, 0, length, 0, 0, attributes)
    in_use = bytearray(node_size - 256)
    in_use[0] = 0xff << (8 - used) & 0xff
    data = node(node_size, 1, 0, [header, bytes(128), bytes(in_use)])
    if leaf_records:
        data += node(node_size, -1, 1, leaf_records)
    return data + bytes(length - len(data))


def root_folder():
    """The record of the root, and its thread record, which finds it by number."""
    key = struct.pack(">I", ROOT_PARENT) + name_of(NAME)
    permissions = struct.pack(">IIBBHI", 0, 0, 0, 0, 0o40755, 0)
    folder = struct.pack(">HHII5I", 1, 0, 0, ROOT, NOW, NOW, NOW, NOW, 0)
    folder += permissions + bytes(32) + struct.pack(">II", 0, 0)
    thread_key = struct.pack(">I", ROOT) + name_of("")
    thread = struct.pack(">HHI", 3, 0, ROOT_PARENT) + name_of(NAME)
    return [struct.pack(">H", len(key)) + key + folder,
            struct.pack(">H", len(thread_key)) + thread_key + thread]


def fork(start, blocks):
    return struct.pack(">QII", blocks * BLOCK, blocks * BLOCK, blocks) + \
        struct.pack(">II", start, blocks) + bytes(56)


def main(path, tree_blocks=512):
    with open(path, "r+b") as image:
        total = image.seek(0, 2) // BLOCK
        bitmap_blocks = -(-total // (8 * BLOCK))
        start = {"bitmap": 1, "extents": 1 + bitmap_blocks}
        start["catalog"] = start["extents"] + tree_blocks
        used = start["catalog"] + tree_blocks

        bitmap = bytearray(bitmap_blocks * BLOCK)
        for block in [*range(used), total - 1]:     # the last block has the second header
            bitmap[block // 8] |= 0x80 >> block % 8
        header = struct.pack(">2sHI4sI", b"H+", 4, UNMOUNTED, b"10.0", 0)
        header += struct.pack(">4I", NOW, NOW, 0, NOW) + struct.pack(">II", 0, 0)
        header += struct.pack(">6I", BLOCK, total, total - used - 1, used, BLOCK, BLOCK)
        header += struct.pack(">IIQ32x", NEXT_ID, 0, 1)
        header += fork(start["bitmap"], bitmap_blocks) + fork(start["extents"], tree_blocks)
        header += fork(start["catalog"], tree_blocks) + bytes(160)

        length = tree_blocks * BLOCK
        for where, data in (
                (1024, header),
                (total * BLOCK - 1024, header),
                (start["bitmap"] * BLOCK, bitmap),
                (start["extents"] * BLOCK, tree(length, 4096, 10, BIG_KEYS, [])),
                (start["catalog"] * BLOCK, tree(length, 8192, 516,
                                                BIG_KEYS | VARIABLE_INDEX_KEYS, root_folder()))):
            image.seek(where)
            image.write(data)


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:]))
