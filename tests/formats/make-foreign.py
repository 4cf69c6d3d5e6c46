#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Write images of formats for which Debian has no writer, as QEMU's source describes them:
#
#	make-foreign.py bochs|cloop RAW OUT
import struct
import sys
import zlib

SECTOR = 512


def pieces(data, size):
    for at in range(0, len(data), size):
        yield data[at:at + size].ljust(size, b'\0')


def bochs(data):
    """A growing image: a catalogue, then the extents, each after a bitmap of its sectors."""
    extent, unused = 64 << 10, 0xffffffff
    bitmap = extent // SECTOR // 8
    catalogue, body = [], b''
    for part in pieces(data, extent):
        if not any(part):
            catalogue.append(unused)
            continue
        catalogue.append(len(catalogue) - catalogue.count(unused))
        body += (b'\xff' * bitmap).ljust(SECTOR, b'\0') + part
    head = struct.pack('<32s16s16sIIIII4xQ', b'Bochs Virtual HD Image', b'Redolog', b'Growing',
                       0x20000, SECTOR, len(catalogue), bitmap, extent, len(data))
    return head.ljust(SECTOR, b'\0') + struct.pack('<%dI' % len(catalogue), *catalogue) + body


def cloop(data):
    """A script, the size and number of the blocks, their offsets, and the blocks."""
    size = 64 << 10
    blocks = [zlib.compress(part) for part in pieces(data, size)]
    at, offsets = 136 + 8 * (len(blocks) + 1), []
    for block in blocks:
        offsets.append(at)
        at += len(block)
    offsets.append(at)
    script = b'#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n'
    return (script.ljust(128, b'\0') + struct.pack('>II', size, len(blocks)) +
            struct.pack('>%dQ' % len(offsets), *offsets) + b''.join(blocks))


with open(sys.argv[2], 'rb') as f:
    raw = f.read()
with open(sys.argv[3], 'wb') as f:
    f.write({'bochs': bochs, 'cloop': cloop}[sys.argv[1]](raw))
