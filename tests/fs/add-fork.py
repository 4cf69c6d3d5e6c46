#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""add-fork.py IMAGE NAME fork BYTES | compressed

Change the catalog record of the file NAME of an HFS+ image: either give the file a resource
fork of BYTES bytes, without allocated blocks, or mark it as compressed by macOS.
"""
import struct
import sys

FILE = 2
OWNER_FLAGS = 41
COMPRESSED = 0x20
RESOURCE_FORK = 168


def find_record(image, name):
    """Return the offset of the record of the file, after its key."""
    key_end = struct.pack(">H", len(name)) + name.encode("utf-16-be")
    at = -1
    while (at := image.find(key_end, at + 1)) >= 0:
        record = at + len(key_end)
        length = 4 + len(key_end)
        if image[at - 6:at - 4] == struct.pack(">H", length) and \
                image[record:record + 2] == struct.pack(">H", FILE):
            return record
    sys.exit(f"no file {name}")


def main(path, name, what, size="0"):
    with open(path, "rb") as f:
        record = find_record(f.read(), name)
    with open(path, "r+b") as f:
        if what == "compressed":
            f.seek(record + OWNER_FLAGS)
            f.write(bytes([COMPRESSED]))
        else:
            f.seek(record + RESOURCE_FORK)
            f.write(struct.pack(">Q", int(size)))


main(*sys.argv[1:])
