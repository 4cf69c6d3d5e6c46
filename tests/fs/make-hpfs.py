#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-hpfs.py IMAGE - an empty HPFS, the file system of OS/2, of the image's size

Written from the kernel's hpfs.h: no bad blocks, no spares, no code pages; the band of
directories begins after the blocks that describe the disk.
"""
import os
import struct
import sys

SECTOR, BAND = 512, 16384       # a bitmap of 4 sectors describes a band of 16384 sectors
SUPER, SPARE, DIRECTORY, BAD, DNODE_MAP, USERS, FNODE, BITMAPS = 16, 17, 20, 24, 28, 32, 40, 64
DNODES = 256
SUPER_MAGIC, SPARE_MAGIC = (0xf995e849, 0xfa53e9c5), (0xf9911849, 0xfa5229c5)
DNODE_MAGIC, FNODE_MAGIC = 0x77e40aae, 0xf7e40aae
FIRST, LAST, IS_DIRECTORY = 1, 8, 0x10


def entry(flags, attributes, fnode, name):
    length = 31 + len(name) + 3 & ~3
    return struct.pack("<HBB6I3B", length, flags, attributes, fnode, 0, 0, 0, 0, 0, 0, 0,
                       len(name)) + name.ljust(length - 31, b"\0")


def bitmap(bits, free):
    """A bitmap of @bits bits, in which the bits of the range @free are set."""
    value = (1 << free.stop) - (1 << free.start) if free else 0
    return value.to_bytes(bits // 8, "little")


def main(path):
    sectors = os.path.getsize(path) // SECTOR
    bands = -(-sectors // BAND)
    dnodes = -(-(BITMAPS + 4 * bands) // 4) * 4
    used = dnodes + 4 * DNODES
    if bands > 128 or used > BAND or sectors < used:
        sys.exit("make-hpfs.py: too large for one block of pointers to bitmaps")

    boot = bytearray(SECTOR)
    struct.pack_into("<3s8sHBHBHHBHHHII", boot, 0, b"\xeb\x3c\x90", b"OS2 20.0", SECTOR, 4, 1, 0, 0,
                     0, 0xf8, 0, 63, 255, 0, sectors)
    struct.pack_into("<BBB4s11s8s", boot, 36, 0x80, 0, 0x28, b"anyf", b"ANYFS      ", b"HPFS    ")
    struct.pack_into("<H", boot, 510, 0xaa55)
    dirents = entry(FIRST, IS_DIRECTORY, FNODE, b"\1\1") + entry(LAST, 0, 0, b"\377")
    with open(path, "r+b") as image:
        def put(sector, data):
            image.seek(sector * SECTOR)
            image.write(data)

        put(0, bytes(boot))
        put(SUPER, struct.pack("<IIBBH12I", *SUPER_MAGIC, 2, 2, 0, FNODE, sectors, 0, DIRECTORY, 0,
                               BAD, 0, 0, 0, 4 * DNODES, dnodes, used - 1) +
            struct.pack("<I32sI", DNODE_MAP, b"", USERS))
        put(SPARE, struct.pack("<II", *SPARE_MAGIC))
        put(DIRECTORY, struct.pack(f"<{bands}I", *range(BITMAPS, BITMAPS + 4 * bands, 4)))
        for band in range(bands):
            start = band * BAND
            free = range(max(used - start, 0), min(sectors - start, BAND))
            put(BITMAPS + 4 * band, bitmap(BAND, free))
        put(DNODE_MAP, bitmap(BAND, range(1, DNODES)))
        put(FNODE, struct.pack("<III16sIIIHBBIIHHB3xBBHIII84x", FNODE_MAGIC, 0, 0, b"", FNODE, 0, 0,
                               0, 0, 0, 0, 0, 0, 256, 0, 7, 1, 20, 0xffffffff, 0, dnodes) +
            struct.pack("<II16sH", 0, 0, b"", 0xc4))
        put(dnodes, struct.pack("<IIB3xII", DNODE_MAGIC, 20 + len(dirents), 1, FNODE, dnodes) +
            dirents)


if __name__ == "__main__":
    main(*sys.argv[1:])
