#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a partition table with sectors of any size: SECTOR gpt|dos|keep IMAGE MIB...

The partitions follow each other from 1 MiB on; the image is 1 MiB longer than they
are together.  "keep" writes a GPT and keeps the rest of IMAGE.
sgdisk and sfdisk use other sector sizes only on devices that have them.
"""
import struct
import sys
import uuid
import zlib

MIB = 1 << 20
LINUX = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")


def mbr(entries):
    table = b"".join(struct.pack("<B3sB3sII", 0, b"\0\2\0", kind, b"\xff\xff\xff", start, size)
                     for kind, start, size in entries)
    return b"\0" * 446 + table.ljust(64, b"\0") + b"\x55\xaa"


def header(sector, own, other, last, entries_at, entries):
    disk = uuid.UUID(int=0x1234).bytes_le
    h = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, own, other,
                    (1 + 1 + 16384 // sector), last, disk, entries_at, 128, 128,
                    zlib.crc32(entries))
    return h[:16] + struct.pack("<I", zlib.crc32(h)) + h[20:]


def main():
    sector, label, name, sizes = int(sys.argv[1]), sys.argv[2], sys.argv[3], \
        [int(a) for a in sys.argv[4:]]
    total = (sum(sizes) + 2) * MIB
    sectors, per = total // sector, MIB // sector
    starts = [(1 + sum(sizes[:i])) * per for i in range(len(sizes))]
    with open(name, "r+b" if label == "keep" else "wb") as f:
        f.truncate(total)
        if label == "dos":
            f.write(mbr([(0x83, s, n * per) for s, n in zip(starts, sizes)]))
            return
        entries = b"".join(
            struct.pack("<16s16sQQQ72s", LINUX.bytes_le, uuid.UUID(int=i + 1).bytes_le, s,
                        s + n * per - 1, 0, f"größe {i + 1}".encode("utf-16-le"))
            for i, (s, n) in enumerate(zip(starts, sizes))).ljust(16384, b"\0")
        array, end = 16384 // sector, sectors - 1
        f.write(mbr([(0xee, 1, min(end, 0xffffffff))]))
        last = end - array - 1
        for own, other, at in ((1, end, 2), (end, 1, end - array)):
            f.seek(own * sector)
            f.write(header(sector, own, other, last, at, entries))
            f.seek(at * sector)
            f.write(entries)


main()
