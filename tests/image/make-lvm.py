#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write the physical volumes of an LVM2 group with volumes of one type.

	make-lvm.py TYPE DATA PV...

TYPE is linear (one PV), raid1, raid5, raid10 or mirror; DATA is a file with the content of the volume "vol".
Label and metadata follow lib/format_text/layout.h of LVM2, the layouts are those of
make-md.py.  The metadata volume of each leg is empty, like in a new volume.
"""
import importlib.util
import os
import struct
import sys

EXTENT = 1 << 20
START = 1 << 20			# of the extents in each physical volume
STRIPE = 65536
ids = ["%06d-aaaa-bbbb-cccc-dddd-eeee-%06d" % (n, n) for n in range(100)]


def load_md():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-md.py")
    spec = importlib.util.spec_from_file_location("make_md", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crc(data):
    value = 0xf597a6cf
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xedb88320 if value & 1 else 0)
    return value


def volume(number, name, flags, segment):
    return ("%s { id = \"%s\" status = [\"READ\", \"WRITE\"%s] segment_count = 1\n"
            "segment1 { start_extent = 0 %s } }\n" % (name, ids[number], flags, segment))


def linear(pv, at, count):
    return ('extent_count = %d type = "striped" stripe_count = 1 stripes = [ "pv%d", %d ]'
            % (count, pv, at))


def metadata(kind, pvs, leg, total):
    """Extent 0 of each PV holds the state of its leg, the leg follows."""
    shown = ', "VISIBLE"'
    text = 'contents = "Text Format Volume Group" version = 1\n'
    text += 'vg { id = "%s" seqno = 1 format = "lvm2" status = ["RESIZEABLE", "READ", "WRITE"]\n' % ids[99]
    text += 'extent_size = 2048 max_lv = 0 max_pv = 0 metadata_copies = 0 physical_volumes {\n'
    for n in range(pvs):
        text += ('pv%d { id = "%s" device = "x" status = ["ALLOCATABLE"] dev_size = %d '
                 'pe_start = %d pe_count = %d }\n'
                 % (n, ids[n], (START + (leg + 2) * EXTENT) // 512, START // 512, leg + 1))
    text += "} logical_volumes {\n"
    legs = []
    for n in range(pvs):
        if kind == "linear":
            continue
        if kind == "mirror":
            legs.append('"vol_mimage_%d", 0' % n)
            text += volume(10 + n, "vol_mimage_%d" % n, "", linear(n, 1, leg))
        else:
            legs.append('"vol_rmeta_%d", "vol_rimage_%d"' % (n, n))
            text += volume(10 + n, "vol_rmeta_%d" % n, "", linear(n, 0, 1))
            text += volume(30 + n, "vol_rimage_%d" % n, "", linear(n, 1, leg))
    if kind == "linear":
        text += volume(60, "vol", shown, linear(0, 1, total))
        return (text + "} }\n").encode() + b"\0"
    if kind == "mirror":
        segment = 'mirror_count = %d region_size = 1024 mirrors' % pvs
    else:
        segment = 'device_count = %d region_size = 1024 ' % pvs
        segment += "" if kind == "raid1" else "stripe_size = %d " % (STRIPE // 512)
        segment += "data_copies = 2 " if kind == "raid10" else ""
        segment += "raids"
    text += volume(60, "vol", shown, 'extent_count = %d type = "%s" %s = [ %s ]'
                   % (total, kind, segment, ", ".join(legs)))
    return (text + "} }\n").encode() + b"\0"


def write_pv(path, number, text, leg):
    size = START + (leg + 2) * EXTENT
    header = struct.pack("<32sQ", ids[number].replace("-", "").encode(), size)
    header += struct.pack("<QQQQ", START, 0, 0, 0)		# the list of data areas
    header += struct.pack("<QQQQ", 4096, START - 4096, 0, 0)	# the list of metadata areas
    body = struct.pack("<I8s", 32, b"LVM2 001") + header
    body = body.ljust(512 - 20, b"\0")
    label = struct.pack("<8sQI", b"LABELONE", 1, crc(body)) + body
    area = b" LVM2 x[5A%r0N*>" + struct.pack("<IQQ", 1, 4096, START - 4096)
    area += struct.pack("<QQII", 512, len(text), crc(text), 0)
    area = area.ljust(512 - 4, b"\0")
    with open(path, "wb") as f:
        f.truncate(size)
        f.seek(512)
        f.write(label)
        f.seek(4096)
        f.write(struct.pack("<I", crc(area)) + area + text)


def main():
    kind, data, *pvs = sys.argv[1:]
    level = {"linear": "1", "raid1": "1", "mirror": "1", "raid5": "5", "raid10": "10"}[kind]
    content = open(data, "rb").read()
    chunks = [content[at:at + STRIPE].ljust(STRIPE, b"\0") for at in range(0, len(content), STRIPE)]
    legs = load_md().stripes(level, chunks, len(pvs))
    copies = {"linear": 1, "raid1": len(pvs), "mirror": len(pvs), "raid5": None, "raid10": 2}[kind]
    width = len(pvs) // copies if copies else len(pvs) - 1
    leg = -(-max(len(part) for part in legs) * STRIPE // EXTENT)
    text = metadata(kind, len(pvs), leg, leg * width)
    for number, (path, part) in enumerate(zip(pvs, legs)):
        write_pv(path, number, text, leg)
        with open(path, "r+b") as f:
            f.seek(START + EXTENT)
            f.write(b"".join(part))


if __name__ == "__main__":
    main()
