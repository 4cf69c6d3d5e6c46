#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-qnx4.py IMAGE DIR - make a QNX 4 file system with the content of DIR

Written from include/uapi/linux/qnx4_fs.h of the kernel: inodes of 64 bytes are
the entries of directories, each file is one extent, a second name points to the
entry of the first.  Devices are left out, because the kernel does not read them.
"""
import stat
import struct
import sys

import tree

BLOCK, ENTRY = 512, 64
USED, LINK = 1, 8
BITMAP = b".bitmap"


def inode(name, mode, owner, times, links, size, start):
    blocks = -(-size // BLOCK)
    return struct.pack("<16sI2II4I5H4xBB", name, size, start + 1, blocks, 0, *[times] * 4, 1,
                       mode & 0xffff, *owner, links, 0, USED)


class Packer:
    def __init__(self):
        self.image = bytearray(2 * BLOCK)       # boot block and super block
        self.place = {}                         # node -> number of its inode

    def room(self, size):
        """Append blocks to the image; return the number of the first."""
        start = len(self.image) // BLOCK
        self.image += bytes(-(-size // BLOCK) * BLOCK)
        return start

    def put(self, start, data):
        self.image[start * BLOCK:start * BLOCK + len(data)] = data

    def entry(self, number, name, node):
        """Fill the entry @number, and place the content of the node."""
        if node in self.place:
            block, index = divmod(self.place[node], BLOCK // ENTRY)
            data = struct.pack("<48sIB10xB", name, block + 1, index, LINK)
        else:
            self.place[node] = number
            if node.is_dir():
                start, size = self.store_directory(node)
            else:
                content = node.data()
                start, size = self.room(len(content)), len(content)
                self.put(start, content)
            data = inode(name, node.mode, (node.uid, node.gid), node.mtime, node.links, size, start)
        self.image[number * ENTRY:(number + 1) * ENTRY] = data

    def store_directory(self, node, extra=b""):
        kept = [(name, child) for name, child in node.children.items()
                if child.is_dir() or stat.S_ISREG(child.mode) or stat.S_ISLNK(child.mode)]
        size = -(-(ENTRY * len(kept) + len(extra)) // BLOCK) * BLOCK or BLOCK
        start = self.room(size)
        self.put(start, extra)
        first = (start * BLOCK + len(extra)) // ENTRY
        for i, (name, child) in enumerate(kept):
            self.entry(first + i, name, child)
        return start, size


def main(path, source):
    root = tree.read(source)[0]
    packer = Packer()
    bitmap = packer.room(BLOCK)
    start, size = packer.store_directory(root, inode(BITMAP, 0o100400, (0, 0), 0, 1, BLOCK, bitmap))
    packer.put(1, inode(b"/", root.mode, (0, 0), root.mtime, root.links, size, start))
    with open(path, "wb") as image:
        image.write(packer.image)


if __name__ == "__main__":
    main(*sys.argv[1:])
