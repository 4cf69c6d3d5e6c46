#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make-table.py TYPE IMAGE - write a partition table of a type that no tool of Debian writes

IMAGE must exist.  The table has one partition of 8 MiB at 4 MiB (acorn-adfs: elsewhere),
and others around it if the format requires them.  The formats follow the kernel's
block/partitions/*.c.
"""
import os
import struct
import sys

SECTOR = 512
START, SIZE = 8192, 16384       # of the partition, in sectors
GUID = b"12345678-9abc-def0-1234-56789abcdef0"


def sector(content):
    return content.ljust(SECTOR, b"\0")


def dos(kind, start, size):
    entry = struct.pack("<B3xB3xII", 0, kind, start, size)
    return {0: entry.rjust(446 + 16, b"\0").ljust(510, b"\0") + b"\x55\xaa"}


def adfs_boot_block(kind, cylinder, sectors=START):
    """The boot block of ADFS: 32 sectors per cylinder, and the start of another system or 0."""
    record = struct.pack("<10BHII", 9, 32, 1, 0, 15, 7, 0, 0, 0, 1, 0, 0, sectors * SECTOR)
    block = record.rjust(0x1c0 + len(record), b"\0").ljust(0x1fc, b"\0")
    block += struct.pack("<BH", kind, cylinder)
    total = 0
    for byte in reversed(block):
        total = (total & 0xff) + (total >> 8) + byte
    return block + bytes([total & 0xff])


def acorn_linux(_):
    start = START - 64
    return {6: adfs_boot_block(9, start // 32), start: struct.pack("<III", 0xdeafa1de, 64, SIZE)}


def acorn_riscix(_):
    start = START - 64
    part = struct.pack("<III16s", START, SIZE, 1, b"root")
    return {6: adfs_boot_block(2, start // 32), start: struct.pack("<II", 0x4a657320, 0) + part}


def acorn_adfs(_):
    """The only partition is ADFS itself, from the start of the disk to START."""
    return {6: adfs_boot_block(0, 0)}


def acorn_cumana(_):
    return {6: adfs_boot_block(0, START // 32), START + 6: adfs_boot_block(0, 0, SIZE)}


def acorn_ics(_):
    table = struct.pack("<IiIi", START, SIZE, START + SIZE, -SIZE).ljust(508, b"\0")
    return {0: table + struct.pack("<I", 0x50617274 + sum(table)), START + SIZE: b"LinuxPart"}


def acorn_eesox(_):
    table = b"".join(struct.pack("<6s10sI12x", b"Eesox", b"disc", start)
                     for start in (START, START + SIZE)).ljust(256, b"\0")
    key = b"Neil Critchell  "
    return {7: bytes(byte ^ key[i % 16] for i, byte in enumerate(table))}


def aix(_):
    """A logical volume of eight adjacent physical partitions of 1 MiB."""
    group, length = 136, 2098
    record = struct.pack(">4s16xIIII10xH12xH", b"_LVM", 0, length, group, 0, 20, 1)
    volume = struct.pack(">14xH", SIZE // 2048)
    map_ = struct.pack(">16xHxxI8x", SIZE // 2048, START)
    map_ += b"".join(struct.pack(">HxxxxH24x", 1, i + 1) for i in range(SIZE // 2048))
    return {0: b"\xc9\xc2\xd4\xc1", 7: record, group: struct.pack(">24xH", 1), group + 1: volume,
            group + 17: map_, group + length - 33: b"lv00"}


def disk_label(start):
    """A disk label of 4.4BSD with one partition."""
    label = struct.pack("<I128xIHHII", 0x82564557, 0x82564557, 0, 1, 0, 0)
    return label + struct.pack("<IIIBBH", SIZE, start, 0, 8, 0, 0)


def osf(_):
    return {0: bytes(64) + disk_label(START)}


def bsd(kind, relative=False):
    """A BSD label in a DOS partition; only FreeBSD counts sectors from the partition's start."""
    outer = START - 2048
    return lambda _: {**dos(kind, outer, 2 * SIZE),
                      outer + 1: disk_label(START - outer if relative else START)}


def ultrix(_):
    label = struct.pack("<II", 0x032957, 1) + struct.pack("<II", SIZE, START)
    return {31: label.ljust(72, b"\0").rjust(SECTOR, b"\0")}


def karma(_):
    entry = struct.pack("<270xIB3xII", 0, 0x4d, START, SIZE)
    return {0: entry.ljust(510, b"\0") + b"\x56\xab"}


def sysv68(sectors):
    head = (bytes(248) + b"MOTOROLA").ljust(384, b"\0") + struct.pack(">IH", 1, 2)
    return {0: head, 1: struct.pack(">IIII", SIZE, START, sectors, 0)}


def unixware(_):
    outer = START - 2048
    label = struct.pack("<II", 0, 0xca5e600d).ljust(156, b"\0") + struct.pack("<I", 0x600ddeee)
    slices = struct.pack("<HHIIHHII", 5, 0, outer, 2 * SIZE, 2, 0, START, SIZE)
    return {**dos(0x63, outer, 2 * SIZE), outer + 29: label.ljust(216, b"\0") + slices}


def solaris(_):
    outer = START - 2048
    table = struct.pack("<12xII8xHH40x", 0x600ddeee, 1, SECTOR, 16)
    return {**dos(0xbf, outer, 2 * SIZE),
            outer + 1: table + struct.pack("<HHII", 2, 0, START - outer, SIZE)}


def vblk(kind, sequence, body, fixed):
    """@body: the fields of variable length, and the fields between them."""
    return struct.pack(">4sIIHHHBBI", b"VBLK", sequence, sequence, 0, 1, 0, 0, kind,
                       len(body) + fixed) + body


def counted(data):
    return bytes([len(data)]) + data


def ldm(sectors):
    """The database of Windows' dynamic disks, in the last MiB: this disk, one partition."""
    database, first = sectors - 2048, 63
    head = struct.pack(">8s4xHH", b"PRIVHEAD", 2, 11).ljust(0x30, b"\0") + GUID
    head = head.ljust(0x11b, b"\0") + struct.pack(">QQQQ", first, database - first, database, 2048)
    contents = struct.pack(">8s28x10sQQ8x10sQQ", b"TOCBLOCK", b"config", 17, 1480, b"log", 1497,
                           224)
    disk = vblk(0x34, 1, counted(b"\1") + counted(b"Disk1") + counted(GUID) + counted(b""), 0)
    disk = disk[:0x14] + struct.pack(">I", len(disk) - 0x18 + 12) + disk[0x18:]
    part = counted(b"\2") + counted(b"Disk1-01") + bytes(12) + struct.pack(">QQ", START - first, 0)
    part += counted(struct.pack(">I", SIZE)) + counted(b"\3") + counted(b"\1")
    blocks = [disk, vblk(0x33, 2, part, 0)] + [struct.pack(">4sI", b"VBLK", 0)] * 2
    start = struct.pack(">4sIIIHHH", b"VMDB", 8, 128, 512, 1, 4, 10)
    table = {**dos(0x42, first, database - first), 6: head, database + 1856: head,
             database + 2047: head, database + 17: start,
             database + 18: b"".join(block.ljust(128, b"\0") for block in blocks)}
    table.update((database + at, contents) for at in (1, 2, 2045, 2046))
    return table


TYPES = {"acorn-linux": acorn_linux, "acorn-riscix": acorn_riscix, "acorn-cumana": acorn_cumana,
         "acorn-adfs": acorn_adfs,
         "acorn-ics": acorn_ics, "acorn-eesox": acorn_eesox, "aix": aix, "osf": osf,
         "freebsd": bsd(0xa5, True), "openbsd": bsd(0xa6), "netbsd": bsd(0xa9),
         "ultrix": ultrix, "karma": karma,
         "sysv68": sysv68, "unixware": unixware, "solaris": solaris, "ldm": ldm}


def main(kind, path):
    with open(path, "r+b") as image:
        for at, content in TYPES[kind](os.path.getsize(path) // SECTOR).items():
            image.seek(at * SECTOR)
            image.write(sector(content))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in TYPES:
        sys.exit("usage: make-table.py TYPE IMAGE; types: " + " ".join(TYPES))
    main(*sys.argv[1:])
