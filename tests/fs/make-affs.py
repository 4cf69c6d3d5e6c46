#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-affs.py IMAGE ofs|ffs - an empty Amiga file system that fills IMAGE (up to 50 MiB)

Follows the format of "The Amiga guru book", as Documentation/filesystems/affs.rst
and the kernel's amigaffs.h give it: Debian has no tool that makes one.
"""
import struct
import sys

BLOCK = 512
LONGS = BLOCK // 4
RESERVED = 2
T_HEADER, ST_ROOT = 2, 1
VALID = 0xffffffff
BITS = (LONGS - 1) * 32         # blocks that one block of the bitmap describes
KINDS = {"ofs": b"DOS\0", "ffs": b"DOS\3"}


def summed(longs, at):
    """Return the block's bytes, with the long at @at set so that the sum of all longs is zero."""
    longs[at] = -sum(longs) & 0xffffffff
    return struct.pack(f">{LONGS}I", *longs)


def bitmap(first, total, used):
    """The bitmap: bit n of the longs after the first says that block first + n is free."""
    longs = [0] * LONGS
    for n in range(min(BITS, total - first)):
        if first + n not in used:
            longs[1 + n // 32] |= 1 << n % 32
    return summed(longs, 0)


def main(path, kind):
    with open(path, "r+b") as image:
        total = image.seek(0, 2) // BLOCK
        root = (RESERVED + total - 1) // 2
        pages = -(-(total - RESERVED) // BITS)
        if pages > 25:
            sys.exit("make-affs.py: too large for 25 bitmap blocks")
        used = set(range(root, root + 1 + pages))

        longs = [0] * LONGS
        longs[0] = T_HEADER
        longs[3] = LONGS - 56
        longs[-50] = VALID
        longs[-49:-49 + pages] = range(root + 1, root + 1 + pages)
        longs[-20] = 5 << 24 | int.from_bytes(b"any", "big")
        longs[-19] = int.from_bytes(b"fs\0\0", "big")
        longs[-1] = ST_ROOT

        image.seek(0)
        image.write(KINDS[kind])
        image.seek(root * BLOCK)
        image.write(summed(longs, 5))
        for i in range(pages):
            image.write(bitmap(RESERVED + i * BITS, total, used))


if __name__ == "__main__":
    main(*sys.argv[1:])
