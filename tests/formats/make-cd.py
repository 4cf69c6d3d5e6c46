#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# make-cd.py DATA: write images of a CD with this content: mode1.bin, mode2.bin; disc.cue,
# whose track does not begin at the start of late.bin; tao.nrg and dao.nrg.
import struct
import sys

SYNC = b'\0' + b'\xff' * 10 + b'\0'


def write(name, data):
    with open(name, 'wb') as f:
        f.write(data)


def nrg(name, body, chunk):
    write(name, body + chunk + b'END!' + bytes(4) + b'NER5' + struct.pack('>Q', len(body)))


with open(sys.argv[1], 'rb') as source:
    data = source.read()
# Sectors with a header and room for the checksums, which our reader ignores.
sectors = [data[at:at + 2048].ljust(2048, b'\0') for at in range(0, len(data), 2048)]
mode1 = b''.join(SYNC + b'\0\2\0\1' + s + b'\x55' * 288 for s in sectors)
mode2 = b''.join(SYNC + b'\0\2\0\2' + b'\0' * 8 + s + b'\x55' * 280 for s in sectors)
write('mode1.bin', mode1)
write('mode2.bin', mode2)
audio = b'\x11' * 2352 * 150
write('late.bin', audio + mode1)
write('disc.cue', b'FILE "late.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 00 00:00:00\n'
      b'    INDEX 01 00:02:00\n')
start = 150 * 2048
nrg('tao.nrg', bytes(start) + b''.join(sectors),
    b'ETN2' + struct.pack('>IQQIIII', 32, start, len(sectors) * 2048, 0, 0, 0, 0))
track = bytes(12) + struct.pack('>HHHQQQ', 2352, 0x0500, 1, 0, len(audio), len(audio) + len(mode1))
nrg('dao.nrg', audio + mode1, b'DAOX' + struct.pack('>I', 64) + bytes(22) + track)
