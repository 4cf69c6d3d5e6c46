#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Change the JSON of both headers of a LUKS2 volume, and their checksums.

	edit-luks2.py IMAGE STATEMENT		(STATEMENT changes the dictionary h)
"""
import hashlib
import json
import sys

BINARY, SIZE, NAME, SUM = 4096, 8, 72, 448


def edit(image, offset, statement):
    """Change the header at offset; return its size."""
    image.seek(offset)
    size = int.from_bytes(image.read(SIZE + 8)[SIZE:], "big")
    image.seek(offset)
    header = bytearray(image.read(size))
    h = json.loads(header[BINARY:].split(b"\0")[0])
    exec(statement, {"h": h})
    text = json.dumps(h, separators=(",", ":")).encode()
    header[BINARY:] = text.ljust(size - BINARY, b"\0")
    header[SUM:SUM + 64] = bytes(64)
    name = header[NAME:NAME + 32].split(b"\0")[0].decode()
    digest = hashlib.new(name, header).digest()
    header[SUM:SUM + len(digest)] = digest
    image.seek(offset)
    image.write(header)
    return size


def main():
    """Edit the header at the beginning and the copy after it."""
    with open(sys.argv[1], "r+b") as image:
        edit(image, edit(image, 0, sys.argv[2]), sys.argv[2])


main()
