#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-erofs.py lzma|deflate|zstd IMAGE DIR - make an EROFS with the content of DIR

Written from the kernel's erofs_fs.h: file data and directories, then inodes with their
attributes and, for files, an index entry for each 4 KiB.  Up to 1 MiB is packed at
a time; data that does not become smaller is stored.
"""
import ctypes
import functools
import os
import stat
import struct
import sys
import zlib

import tree

BLOCK = 4096
SLOT = 32                       # bytes: the number of an inode is its slot
PIECE = 1 << 20
PLAIN, HEAD, NONHEAD = 0, 1, 2
BLOCK_COUNT = 1 << 11           # flag in the first entry after a head
FLAT, FULL = 0, 1
LZMA, DEFLATE, ZSTD = 1, 2, 3
PREFIXES = [(2, b"system.posix_acl_access"), (3, b"system.posix_acl_default"),
            (1, b"user."), (4, b"trusted."), (6, b"security.")]
TYPES = [stat.S_IFREG, stat.S_IFDIR, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK,
         stat.S_IFLNK]


def blocks_of(length):
    return -(-length // BLOCK)


def align(data, size):
    return data + bytes(-len(data) % size)


class LzmaStream(ctypes.Structure):
    _fields_ = [("next_in", ctypes.c_char_p), ("avail_in", ctypes.c_size_t),
                ("total_in", ctypes.c_uint64), ("next_out", ctypes.c_void_p),
                ("avail_out", ctypes.c_size_t), ("total_out", ctypes.c_uint64),
                ("rest", ctypes.c_uint64 * 16)]


def lzma(data):
    """Pack as much as fits with MicroLZMA, which Python's module does not support."""
    lib = ctypes.CDLL("liblzma.so.5")
    options = ctypes.create_string_buffer(1024)
    out = ctypes.create_string_buffer(len(data))
    if lib.lzma_lzma_preset(options, 6):
        sys.exit("pack-erofs.py: liblzma refuses its own preset")
    ctypes.c_uint32.from_buffer(options).value = PIECE          # the dictionary
    stream = LzmaStream(data, len(data), 0, ctypes.addressof(out), len(data))
    if lib.lzma_microlzma_encoder(ctypes.byref(stream), options):
        sys.exit("pack-erofs.py: liblzma cannot pack in this form")
    lib.lzma_code(ctypes.byref(stream), 3)                      # LZMA_FINISH
    whole = stream.total_in == len(data)
    lib.lzma_end(ctypes.byref(stream))
    return out.raw[:stream.total_out] if whole else data


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


def zstd(data):
    lib = ctypes.CDLL("libzstd.so.1")
    lib.ZSTD_compress.restype = ctypes.c_size_t
    out = ctypes.create_string_buffer(2 * len(data) + 1024)
    size = lib.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), 9)
    return out.raw[:size]


# Name: number, packer, and its configuration in the superblock.
ALGORITHMS = {
    "lzma": (LZMA, lzma, struct.pack("<HIH8x", 14, PIECE, 0)),
    "deflate": (DEFLATE, deflate, struct.pack("<HB5x", 6, 15)),
    "zstd": (ZSTD, zstd, struct.pack("<HBB4x", 6, 0, 10)),
}


class Packer:
    def __init__(self, algorithm):
        self.number, pack, self.config = ALGORITHMS[algorithm]
        self.pack = functools.lru_cache(maxsize=4)(pack)
        self.data = bytearray(BLOCK)            # the first block is the super block's

    def store(self, content):
        """Append the content in whole blocks; return the number of the first block."""
        at = len(self.data) // BLOCK
        self.data += align(content, BLOCK)
        return at

    def index(self, piece):
        """Store one piece; return its index entries."""
        count = blocks_of(len(piece))
        packed = self.pack(piece)
        blocks = blocks_of(len(packed))
        if blocks >= count:
            at = self.store(piece)
            return b"".join(struct.pack("<HHI", PLAIN, 0, at + i) for i in range(count))
        # Zeros precede the packed data, so it must not begin with a zero byte.
        if not packed[0]:
            sys.exit("pack-erofs.py: packed data begins with a zero")
        at = self.store(packed.rjust(blocks * BLOCK, b"\0"))
        entries = [struct.pack("<HHI", HEAD, 0, at)]
        for i in range(1, count):
            back = BLOCK_COUNT | blocks if i == 1 else i
            entries.append(struct.pack("<HHHH", NONHEAD, 0, back, count - i))
        return b"".join(entries)

    def file(self, content):
        """Return the number of stored blocks, and the map with its entries."""
        before = len(self.data)
        index = b"".join(self.index(content[at:at + PIECE])
                         for at in range(0, len(content), PIECE))
        return ((len(self.data) - before) // BLOCK,
                struct.pack("<4xHBB8x", 2, self.number, 0) + index)


def attributes(path):
    body = b""
    for name in os.listxattr(path, follow_symlinks=False):
        name, value = os.fsencode(name), os.getxattr(path, name, follow_symlinks=False)
        index, prefix = next((i, p) for i, p in PREFIXES if name.startswith(p))
        name = name[len(prefix):]
        body += align(struct.pack("<BBH", len(name), index, len(value)) + name + value, 4)
    return bytes(12) + body if body else b""


def directory(names):
    """Directory blocks: sorted entries, then names; the last block ends with its last name."""
    blocks, entries, size = [], [], 0
    for name, number, kind in sorted(names):
        if size + 12 + len(name) > BLOCK:
            blocks.append(entries)
            entries, size = [], 0
        entries.append((name, number, kind))
        size += 12 + len(name)
    blocks.append(entries)
    out = b""
    for entries in blocks:
        out = align(out, BLOCK)
        at = 12 * len(entries)
        for name, number, kind in entries:
            out += struct.pack("<QHBx", number, at, kind)
            at += len(name)
        out += b"".join(name for name, _, _ in entries)
    return out


def device(node):
    return node.minor & 0xff | node.major << 8 | (node.minor & ~0xff) << 12


def inode(node, layout, extra, size, where):
    return struct.pack("<HHHHQIIIIQII16x", 1 | layout << 1, len(extra) // 4 - 2 if extra else 0,
                       node.mode, 0, size, where, node.number + 1, node.uid, node.gid, node.mtime,
                       0, node.links) + extra


def main(algorithm, path, source):
    packer, nodes = Packer(algorithm), tree.read(source)
    numbers, bodies = {}, {}
    size = SLOT                                 # no inode has the number 0
    for node in nodes:
        extra, content = attributes(node.path), node.data()
        layout, where, index = FLAT, device(node), b""
        if stat.S_ISREG(node.mode) and content:
            layout = FULL
            where, index = packer.file(content)
        elif content:
            where = packer.store(content)
        bodies[node] = align(inode(node, layout, extra, len(content), where), 8) + index
        numbers[node] = size // SLOT
        size += len(align(bodies[node], SLOT))
    for node in filter(tree.Node.is_dir, nodes):
        content = directory((name, numbers[child], TYPES.index(stat.S_IFMT(child.mode)) + 1)
                            for name, child in node.entries())
        bodies[node] = inode(node, FLAT, attributes(node.path), len(content),
                             packer.store(content))

    meta = len(packer.data) // BLOCK
    inodes = bytes(SLOT) + b"".join(align(bodies[node], SLOT) for node in nodes)
    super_block = struct.pack("<IIIBBHQQIIII16s16sIHHHBBIQB23x", 0xe0f5e1e2, 0, 2, 12, 0,
                              numbers[nodes[0]], len(nodes), 0, 0, meta + blocks_of(len(inodes)),
                              meta, 0, b"anyfs", b"anyfs", 3, 1 << packer.number, 0, 0, 0, 0, 0,
                              0, 0) + packer.config
    packer.data[1024:1024 + len(super_block)] = super_block
    with open(path, "wb") as image:
        image.write(packer.data + align(inodes, BLOCK))


if __name__ == "__main__":
    main(*sys.argv[1:])
