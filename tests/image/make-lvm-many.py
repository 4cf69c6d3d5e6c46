#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write a physical volume of an LVM2 group with many volumes of one extent, lv00000 and so on.

	make-lvm-many.py NUMBER PV
"""
import importlib.util
import os
import struct
import sys
import zlib

EXTENT = 4096
START = 16 << 20		# of the extents


def load_lvm():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-lvm.py")
    spec = importlib.util.spec_from_file_location("make_lvm", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crc(data):
    """As make-lvm.py computes it, but fast."""
    return zlib.crc32(data, 0xf597a6cf ^ 0xffffffff) ^ 0xffffffff


def metadata(lvm, number):
    text = 'contents = "Text Format Volume Group" version = 1\n'
    text += 'vg { id = "%s" seqno = 1 format = "lvm2" status = ["RESIZEABLE", "READ", "WRITE"]\n' % lvm.ids[99]
    text += "extent_size = %d max_lv = 0 max_pv = 0 metadata_copies = 0 physical_volumes {\n" % (EXTENT // 512)
    text += ('pv0 { id = "%s" device = "x" status = ["ALLOCATABLE"] dev_size = %d pe_start = %d pe_count = %d }\n'
             % (lvm.ids[0], (START + number * EXTENT) // 512, START // 512, number))
    text += "} logical_volumes {\n"
    for n in range(number):
        text += 'lv%05d { id = "%06d-aaaa-bbbb-cccc-dddd-eeee-%06d"\n' % (n, n, n)
        text += 'status = ["READ", "WRITE", "VISIBLE"] segment_count = 1\n'
        text += "segment1 { start_extent = 0 %s } }\n" % lvm.linear(0, n, 1)
    return (text + "} }\n").encode() + b"\0"


def main():
    number, path = int(sys.argv[1]), sys.argv[2]
    lvm = load_lvm()
    text = metadata(lvm, number)
    size = START + number * EXTENT
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


if __name__ == "__main__":
    main()
