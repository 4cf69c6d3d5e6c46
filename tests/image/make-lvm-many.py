#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a physical volume of an LVM2 group with many volumes of one extent, lv00000 and so on.

	make-lvm-many.py NUMBER PV CONTENT FIRST END [PARTS]

The volumes from FIRST to END - 1 share one extent with the bytes of the file CONTENT; all others
share an empty one.  The volume "wide" consists of PARTS hidden volumes.
"""
import importlib.util
import os
import struct
import sys
import zlib

EXTENT = 65536
START = 16 << 20		# of the extents


def load_lvm():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-lvm.py")
    spec = importlib.util.spec_from_file_location("make_lvm", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crc(data):
    """Like the function in make-lvm.py, but fast."""
    return zlib.crc32(data, 0xf597a6cf ^ 0xffffffff) ^ 0xffffffff


def wide(lvm, parts):
    text = ""
    for n in range(parts):
        text += 'part%d { id = "%06d-bbbb-bbbb-cccc-dddd-eeee-%06d" status = ["READ", "WRITE"]\n' % (n, n, n)
        text += "segment_count = 1 segment1 { start_extent = 0 %s } }\n" % lvm.linear(0, 0, 1)
    text += 'wide { id = "000000-dddd-bbbb-cccc-dddd-eeee-000000"\n'
    text += 'status = ["READ", "WRITE", "VISIBLE"] segment_count = %d\n' % parts
    for n in range(parts):
        segment = lvm.linear(0, 0, 1).replace('"pv0"', '"part%d"' % n)
        text += "segment%d { start_extent = %d %s }\n" % (n + 1, n, segment)
    return text + "}\n"


def metadata(lvm, number, full, parts):
    text = 'contents = "Text Format Volume Group" version = 1\n'
    text += 'vg { id = "%s" seqno = 1 format = "lvm2" status = ["RESIZEABLE", "READ", "WRITE"]\n' % lvm.ids[99]
    text += "extent_size = %d max_lv = 0 max_pv = 0 metadata_copies = 0 physical_volumes {\n" % (EXTENT // 512)
    text += ('pv0 { id = "%s" device = "x" status = ["ALLOCATABLE"] dev_size = %d pe_start = %d pe_count = 2 }\n'
             % (lvm.ids[0], (START + 2 * EXTENT) // 512, START // 512))
    text += "} logical_volumes {\n"
    for n in range(number):
        text += 'lv%05d { id = "%06d-aaaa-bbbb-cccc-dddd-eeee-%06d"\n' % (n, n, n)
        text += 'status = ["READ", "WRITE", "VISIBLE"] segment_count = 1\n'
        text += "segment1 { start_extent = 0 %s } }\n" % lvm.linear(0, int(n in full), 1)
    if parts:
        text += wide(lvm, parts)
    return (text + "} }\n").encode() + b"\0"


def main():
    number, path = int(sys.argv[1]), sys.argv[2]
    lvm = load_lvm()
    text = metadata(lvm, number, range(int(sys.argv[4]), int(sys.argv[5])),
                    int(sys.argv[6]) if len(sys.argv) > 6 else 0)
    size = START + 2 * EXTENT
    body = struct.pack("<I8s", 32, b"LVM2 001")
    body += struct.pack("<32sQ", lvm.ids[0].replace("-", "").encode(), size)
    body += struct.pack("<QQQQ", START, 0, 0, 0) + struct.pack("<QQQQ", 4096, START - 4096, 0, 0)
    body = body.ljust(512 - 20, b"\0")
    area = b" LVM2 x[5A%r0N*>" + struct.pack("<IQQ", 1, 4096, START - 4096)
    area = (area + struct.pack("<QQII", 512, len(text), crc(text), 0)).ljust(512 - 4, b"\0")
    with open(path, "wb") as f:
        f.truncate(size)
        f.seek(512)
        f.write(struct.pack("<8sQI", b"LABELONE", 1, crc(body)) + body)
        f.seek(4096)
        f.write(struct.pack("<I", crc(area)) + area + text)
        f.seek(START + EXTENT)
        with open(sys.argv[3], "rb") as content:
            f.write(content.read(EXTENT))


if __name__ == "__main__":
    main()
