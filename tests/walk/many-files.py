#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a tar archive of FILES empty files, in directories of EACH files.

    many-files.py FILES EACH
"""
import sys

WHEN = 1600000000


def header(name, kind, mode):
    h = bytearray(512)
    h[0:len(name)] = name
    h[100:108] = b"%07o\0" % mode
    h[108:116] = h[116:124] = b"0000000\0"
    h[124:136] = b"00000000000\0"
    h[136:148] = b"%011o\0" % WHEN
    h[148:156] = b"        "
    h[156:157] = kind
    h[257:265] = b"ustar\00000"
    h[148:156] = b"%06o\0 " % sum(h)
    return bytes(h)


def main():
    files, each = map(int, sys.argv[1:])
    for first in range(0, files, each):
        directory = b"d%04d" % (first // each)
        block = [header(directory, b"5", 0o755)]
        for n in range(min(each, files - first)):
            block.append(header(directory + b"/f%03d" % n, b"0", 0o644))
        sys.stdout.buffer.write(b"".join(block))
    sys.stdout.buffer.write(bytes(1024))


main()
