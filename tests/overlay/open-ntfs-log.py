#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a $LogFile into a fresh NTFS image, in the state that Windows leaves while the volume is
mounted: two restart pages that list the client "NTFS" as still in use.

    open-ntfs-log.py IMAGE
"""
import struct
import sys

PAGE = 4096
SECTOR = 512
NONE = 0xFFFF


def restart_page(log_size):
    area = struct.pack("<QHHHHIHHQIHHI20x",
                       0,               # current LSN: none yet
                       1, NONE, 0,      # one client, none free, the first in use
                       0,               # flags: not clean
                       67 - log_size.bit_length(),
                       0x40 + 0x60, 0x40, log_size, 0, 0x30, 0x40, 1)
    client = struct.pack("<QQHHH6xI", 0, 0, NONE, NONE, 0, 8) + "NTFS".encode("utf-16le")
    usn = 1
    fixups = struct.pack("<H", usn) + bytes(2 * PAGE // SECTOR)
    head = struct.pack("<4sHHQIIHHH", b"RSTR", 0x1E, 1 + PAGE // SECTOR, 0, PAGE, PAGE, 0x30, 1, 1)
    page = bytearray(head + fixups + area + client)
    page.extend(bytes(PAGE - len(page)))
    for end in range(SECTOR, PAGE + 1, SECTOR):
        struct.pack_into("<H", page, end - 2, usn)
    return bytes(page)


def main():
    with open(sys.argv[1], "r+b") as image:
        data = image.read()
        # mkntfs fills the log with ones.
        start = data.find(b"\xff" * (1 << 20))
        if start < 0:
            sys.exit("no empty log")
        end = start
        while data[end:end + PAGE] == b"\xff" * PAGE:
            end += PAGE
        image.seek(start)
        image.write(restart_page(end - start) * 2)


main()
