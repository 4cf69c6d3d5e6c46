#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Change the byte of a file at OFFSET, and a byte every STEP bytes after it.

	flip-bytes.py FILE OFFSET STEP
"""
import os
import sys


def main():
    """Change the file."""
    offset, step = int(sys.argv[2]), int(sys.argv[3])
    with open(sys.argv[1], "r+b") as f:
        for at in range(offset, os.fstat(f.fileno()).st_size, step):
            f.seek(at)
            byte = f.read(1)[0]
            f.seek(at)
            f.write(bytes([byte ^ 0x55]))


main()
