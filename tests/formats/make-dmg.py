#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# make-dmg.py IMAGE DMG KIND [SECTORS]: write a DMG image of a raw disk.  KIND is how its
# chunks are compressed: raw, zlib, bzip2, xz, adc, lzfse, stored (in blocks of LZFSE), or
# mixed.  Each chunk has SECTORS sectors (default 512); chunks of zeros are not stored.
import base64
import bz2
import lzma
import struct
import sys
import zlib
import lzfse


def adc(data):
    """Literals, and matches of both kinds."""
    out, pos, literals, seen = b'', 0, b'', {}

    def flush():
        nonlocal out, literals
        while literals:
            out += bytes([0x80 | len(literals[:128]) - 1]) + literals[:128]
            literals = literals[128:]
    while pos < len(data):
        key = data[pos:pos + 4]
        start = seen.get(key, -1)
        seen[key] = pos
        distance, length = pos - start, 0
        if start >= 0 and distance <= 65536:
            while length < 67 and pos + length < len(data) and \
                    data[start + length] == data[pos + length]:
                length += 1
        if length >= 4:
            flush()
            if length <= 18 and distance <= 1024:
                out += bytes([length - 3 << 2 | distance - 1 >> 8, distance - 1 & 255])
            else:
                out += bytes([0x40 | length - 4]) + struct.pack('>H', distance - 1)
            pos += length
        else:
            literals += data[pos:pos + 1]
            pos += 1
    flush()
    return out


KINDS = {
    'raw': (1, lambda data: data),
    'adc': (0x80000004, adc),
    'zlib': (0x80000005, zlib.compress),
    'bzip2': (0x80000006, bz2.compress),
    'lzfse': (0x80000007, lzfse.compress),
    'xz': (0x80000008, lzma.compress),
    'stored': (0x80000007, lzfse.store),
}


def checksum(data):
    """A CRC-32 in the field for checksums."""
    return struct.pack('>III', 2, 32, zlib.crc32(data)) + bytes(124)


def table(disk, first, nr, name, body, kind, sectors):
    """The chunks of one partition: sectors FIRST to FIRST + NR."""
    names = list(KINDS)
    entries, at, summed = b'', 0, b''
    while at < nr:
        step = min(sectors, nr - at)
        data = disk[(first + at) * 512:(first + at + step) * 512]
        if not data.strip(b'\0'):
            # The checksum does not include chunks of type 2.
            summed += data if at % 3 == 0 else b''
            entries += struct.pack('>IIQQQQ', 2 if at % 3 else 0, 0, at, step, len(body), 0)
        else:
            code, pack = KINDS[names[at // sectors % len(names)] if kind == 'mixed' else kind]
            packed = pack(data)
            entries += struct.pack('>IIQQQQ', code, 0, at, step, len(body), len(packed))
            body += packed
            summed += data
        at += step
    entries += struct.pack('>IIQQQQ', 0xffffffff, 0, nr, 0, len(body), 0)
    head = struct.pack('>4sIQQQII', b'mish', 1, first, nr, 0, sectors + 8, 0)
    head += bytes(24) + checksum(summed)
    head += struct.pack('>I', len(entries) // 40)
    text = base64.encodebytes(head + entries).decode().replace('\n', '\n\t\t\t\t')
    return zlib.crc32(summed), ('\t\t\t<dict>\n\t\t\t\t<key>Attributes</key>\n\t\t\t\t<string>0x0050</string>\n'
            '\t\t\t\t<key>Data</key>\n\t\t\t\t<data>\n\t\t\t\t' + text + '</data>\n'
            '\t\t\t\t<key>ID</key>\n\t\t\t\t<string>0</string>\n'
            '\t\t\t\t<key>Name</key>\n\t\t\t\t<string>' + name + '</string>\n\t\t\t</dict>\n')


def main():
    disk = open(sys.argv[1], 'rb').read()
    kind = sys.argv[3]
    sectors = int(sys.argv[4]) if len(sys.argv) > 4 else 512
    body = bytearray()
    nr = len(disk) // 512
    split = min(2048, nr // 16 * 8)
    first, tables = table(disk, 0, split, 'first', body, kind, sectors)
    rest, more = table(disk, split, nr - split, 'rest', body, kind, sectors)
    tables += more
    plist = ('<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n'
             '\t<key>resource-fork</key>\n\t<dict>\n\t\t<key>blkx</key>\n\t\t<array>\n' + tables +
             '\t\t</array>\n\t\t<key>plst</key>\n\t\t<array>\n\t\t</array>\n\t</dict>\n</dict>\n'
             '</plist>\n').encode()
    koly = struct.pack('>4sIIIQQQQQII', b'koly', 4, 512, 1, 0, 0, len(body), 0, 0, 1, 1)
    koly += bytes(16) + checksum(bytes(body)) + struct.pack('>QQ', len(body), len(plist)) + bytes(120)
    koly += checksum(struct.pack('>II', first, rest)) + struct.pack('>IQ', 1, nr) + bytes(12)
    assert len(koly) == 512
    open(sys.argv[2], 'wb').write(bytes(body) + plist + koly)


main()
