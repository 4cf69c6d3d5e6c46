#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write the members of a Linux RAID array, superblocks and data.

	make-md.py VERSION LEVEL DATA MEMBER...

VERSION is 0.90, 1.0, 1.1 or 1.2; LEVEL linear, 0, 1, 4, 5, 6 or 10; DATA a file that the
array shall contain; MEMBER "FILE" or "FILE:EVENTS" (less than 10: it missed writes), in the
order of their slots.  The layouts are mdadm's defaults: left-symmetric (5 and 6), near=2
(10).  Superblocks follow include/uapi/linux/raid/md_p.h, data
Documentation/admin-guide/md.rst and the comments of drivers/md.
"""
import struct
import sys

CHUNK = 65536
UUID = bytes(range(16, 32))
MAGIC = 0xa92b4efc
OFFSET = 1 << 20		# of the data in members with 1.1 and 1.2
TIME = 1700000000
EVENTS = 10
LAYOUTS = {"5": 2, "6": 2, "10": 0x102}
LEVELS = {"linear": -1}

# Multiply by 2 in the field of RAID6's second checksum, polynomial 0x11d.
DOUBLE = bytes((b << 1) ^ 0x11d if b & 0x80 else b << 1 for b in range(256))


def xor(blocks):
    total = 0
    for block in blocks:
        total ^= int.from_bytes(block, "little")
    return total.to_bytes(CHUNK, "little")


def second_sum(blocks):
    """The sum of blocks[i] * 2**i."""
    total = bytes(CHUNK)
    for block in reversed(blocks):
        total = xor([total.translate(DOUBLE), block])
    return total


def stripes(level, chunks, slots):
    """Return the chunks of each member, as lists."""
    members = [[] for _ in range(slots)]
    if level == "1":
        return [chunks] * slots
    if level == "linear":
        size = -(-len(chunks) // slots)
        return [chunks[i * size:(i + 1) * size] for i in range(slots)]
    if level == "10":
        for i, chunk in enumerate(chunks):
            members[2 * i % slots].append(chunk)
            members[(2 * i + 1) % slots].append(chunk)
        return members
    sums = {"0": 0, "4": 1, "5": 1, "6": 2}[level]
    width = slots - sums
    for row in range(-(-len(chunks) // width)):
        data = chunks[row * width:(row + 1) * width]
        data += [bytes(CHUNK)] * (width - len(data))
        if level in ("0", "4"):
            place = list(range(slots))
        else:
            p = slots - 1 - row % slots
            place = [(p + sums + i) % slots for i in range(width)] + [p, (p + 1) % slots][:sums]
        blocks = data + ([xor(data)] if sums else [])
        if sums == 2:
            # The coefficients of Q count from the chunk after Q, which is data[0] here.
            blocks.append(second_sum(data))
        for slot, block in zip(place, blocks):
            members[slot].append(block)
    return members


def fold(total):
    return ((total & 0xffffffff) + (total >> 32)) & 0xffffffff


def super_1(minor, level, slots, slot, sectors, size, events):
    place = {0: (size // 512 - 16) & ~7, 1: 0, 2: 8}[minor]
    start = OFFSET // 512 if minor else 0
    sb = bytearray(4096)
    struct.pack_into("<IIII16s32s", sb, 0, MAGIC, 1, 0, 0, UUID, b"test:array")
    struct.pack_into("<QiIQII", sb, 64, TIME, LEVELS.get(level) or int(level or 0),
                     LAYOUTS.get(level, 0), sectors, CHUNK // 512 if level != "1" else 0, slots)
    struct.pack_into("<QQQQI", sb, 128, start, sectors, place, 0, slot)
    sb[168:184] = bytes([slot + 1]) * 16
    struct.pack_into("<QQQII", sb, 192, TIME, events, 2**64 - 1, 0, 128)
    if level == "0":
        struct.pack_into("<I", sb, 76, 2)	# RAID0 since Linux 5.4
        struct.pack_into("<I", sb, 8, 4096)
    for i in range(128):
        struct.pack_into("<H", sb, 256 + 2 * i, i if i < slots else 0xffff)
    words = struct.unpack_from("<%dI" % ((256 + 256) // 4), sb)
    struct.pack_into("<I", sb, 216, fold(sum(words)))
    return place * 512, start * 512, sb


def super_0(level, slots, slot, sectors, size, events):
    place = (size // 65536 - 1) * 65536
    words = [0] * 1024
    uuid = struct.unpack("<4I", UUID)
    words[0:16] = [MAGIC, 0, 90, 3, 0, uuid[0], TIME, (LEVELS.get(level) or int(level or 0))
                   & 0xffffffff, sectors // 2, slots, slots, 0, 0, *uuid[1:]]
    words[32:40] = [TIME, 1, slots, slots, 0, 0, 0, events]
    words[41] = events
    words[64:66] = [LAYOUTS.get(level, 0), CHUNK]
    for i in range(slots):
        words[128 + 32 * i:133 + 32 * i] = [i, 8, i, i, 6]
    words[992:997] = [slot, 8, slot, slot, 6]
    words[38] = fold(sum(words))
    return place, 0, struct.pack("<1024I", *words)


def main():
    version, level, data, *members = sys.argv[1:]
    content = open(data, "rb").read()
    chunks = [content[at:at + CHUNK].ljust(CHUNK, b"\0") for at in range(0, len(content), CHUNK)]
    parts = stripes(level, chunks, len(members))
    longest = max(len(part) for part in parts)
    size = longest * CHUNK + OFFSET + 2 * 65536
    for slot, (name, part) in enumerate(zip(members, parts)):
        name, _, events = name.partition(":")
        events = int(events or EVENTS)
        sectors = longest * CHUNK // 512
        if version == "0.90":
            place, start, sb = super_0(level, len(members), slot, sectors, size, events)
        else:
            place, start, sb = super_1(int(version[2:]), level, len(members), slot, sectors, size,
                                       events)
        with open(name, "wb") as f:
            f.truncate(size)
            f.seek(place)
            f.write(sb)
            f.seek(start)
            f.write(b"".join(part))


if __name__ == "__main__":
    main()
