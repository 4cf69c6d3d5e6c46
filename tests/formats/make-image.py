#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Write images that qemu-img cannot write, according to the specifications of their formats:
#
#	make-image.py cowd|sesparse RAW OUT	a VMDK descriptor OUT and its extent
#	make-image.py vhdx-child|vhd-child|vdi-child PARENT PARENT_RAW RAW OUT
#	make-image.py vhdx-log IMAGE		move its table into its log
#	make-image.py vhdx-4k IMAGE		set its sector size to 4096 bytes
import os
import struct
import sys
import uuid

SECTOR = 512
MIB = 1 << 20


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def read(path):
    with open(path, 'rb') as f:
        return bytearray(f.read())


def write(path, data):
    with open(path, 'wb') as f:
        f.write(data)


def pieces(data, size):
    for at in range(0, len(data), size):
        yield at // size, bytes(data[at:at + size]).ljust(size, b'\0')


def descriptor(out, kind, extent, raw):
    text = ('# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n'
            f'createType="{kind[0]}"\n# Extents\nRW {len(raw) // SECTOR} {kind[1]} "{extent}"\n\n'
            'ddb.adapterType = "lsilogic"\n')
    # QEMU reads an extent line twice if an empty line precedes it.
    write(out, text.encode().ljust(SECTOR, b'\0'))


def cowd(raw_path, out):
    raw, grain, entries = read(raw_path), 8, 4096
    tables = -(-len(raw) // (grain * SECTOR * entries))
    directory = struct.pack('<%dI' % tables, *(8 + i * entries * 4 // SECTOR for i in range(tables)))
    data, table = bytearray(), [0] * (tables * entries)
    first = 8 + tables * entries * 4 // SECTOR
    for i, grain_data in pieces(raw, grain * SECTOR):
        if any(grain_data):
            table[i] = first + len(data) // SECTOR
            data += grain_data
    header = struct.pack('<4sIIIIIII', b'COWD', 1, 3, len(raw) // SECTOR, grain, 4, tables,
                         first + len(data) // SECTOR)
    image = header.ljust(4 * SECTOR, b'\0') + directory.ljust(4 * SECTOR, b'\0')
    image += struct.pack('<%dI' % len(table), *table) + data
    extent = os.path.splitext(out)[0] + '-delta.vmdk'
    write(extent, image)
    descriptor(out, ('vmfsSparse', 'VMFSSPARSE'), os.path.basename(extent), raw)


def sesparse(raw_path, out):
    raw, grain, entries = read(raw_path), 8, 4096
    tables = -(-len(raw) // (grain * SECTOR * entries))
    table_at, grains_at = 16, 16 + tables * 64
    data, table = bytearray(), [0] * (tables * entries)
    for i, grain_data in pieces(raw, grain * SECTOR):
        if any(grain_data):
            number = len(data) // (grain * SECTOR)
            table[i] = 3 << 60 | (number & 0xfff) << 48 | number >> 12
            data += grain_data
        elif i % 3 == 0:
            table[i] = (1 + i % 2) << 60
    directory = struct.pack('<%dQ' % tables, *(0x1000000000000000 | i for i in range(tables)))
    header = struct.pack('<QQQQQQ4Q', 0xcafebabe, 0x200000001, len(raw) // SECTOR, grain, 64, 0,
                         0, 0, 0, 0)
    header += struct.pack('<16Q', 1, 1, 2, 2, 0, 0, 8, 8, table_at, tables * 64,
                          0, 0, 0, 0, grains_at, len(data) // SECTOR)
    image = header.ljust(SECTOR, b'\0') + struct.pack('<QQQ', 0xcafecafe, 0, 0).ljust(7 * SECTOR, b'\0')
    image += directory.ljust(8 * SECTOR, b'\0') + struct.pack('<%dQ' % len(table), *table) + data
    extent = os.path.splitext(out)[0] + '-sesparse.vmdk'
    write(extent, image)
    descriptor(out, ('seSparse', 'SESPARSE'), os.path.basename(extent), raw)


# ---- differencing images: the sectors of RAW that differ from PARENT_RAW ----------

def changed(old, new, sector):
    return [old[i:i + sector] != new[i:i + sector] for i in range(0, len(new), sector)]


def vhdx_regions(image):
    """Offsets of the table (BAT) and the metadata."""
    found = {}
    for i in range(struct.unpack_from('<I', image, 3 * 65536 + 8)[0]):
        at = 3 * 65536 + 16 + i * 32
        found[str(uuid.UUID(bytes_le=bytes(image[at:at + 16])))] = struct.unpack_from('<Q', image, at + 16)[0]
    return found['2dc27766-f623-4200-9d64-115e9bfd4a08'], found['8b7ca206-4790-4b9a-b8fe-575f050f886e']


def vhdx_current(image):
    return max((65536, 131072), key=lambda at: struct.unpack_from('<Q', image, at + 8)[0])


def vhdx_item(image, guid):
    metadata = vhdx_regions(image)[1]
    for i in range(struct.unpack_from('<H', image, metadata + 10)[0]):
        at = metadata + 32 + i * 32
        if str(uuid.UUID(bytes_le=bytes(image[at:at + 16]))) == guid:
            return metadata + struct.unpack_from('<I', image, at + 16)[0]
    raise KeyError(guid)


def locator(values):
    head = uuid.UUID('b04aefb7-d19e-4a81-b789-25b8e9445913').bytes_le + struct.pack('<HH', 0, len(values))
    at, entries, texts = 20 + 12 * len(values), b'', b''
    for key, value in values.items():
        key, value = key.encode('utf-16le'), value.encode('utf-16le')
        entries += struct.pack('<IIHH', at + len(texts), at + len(texts) + len(key), len(key), len(value))
        texts += key + value
    return head + entries + texts


def vhdx_child(parent, parent_raw, raw_path, out):
    image, old, new = read(parent), read(parent_raw), read(raw_path)
    bat, metadata = vhdx_regions(image)
    current = vhdx_current(image)
    guid = uuid.UUID(bytes_le=bytes(image[current + 32:current + 48]))
    parameters = vhdx_item(image, 'caa16737-fa36-4d43-b3b6-33f0aa44e76b')
    block, flags = struct.unpack_from('<II', image, parameters)
    image = image[:max(bat, metadata) + MIB]
    struct.pack_into('<I', image, parameters + 4, flags | 2)
    items = struct.unpack_from('<H', image, metadata + 10)[0]
    text = locator({'parent_linkage': '{%s}' % str(guid).upper(),
                    'relative_path': '.\\' + os.path.basename(parent),
                    'absolute_win32_path': 'C:\\disks\\' + os.path.basename(parent)})
    image[metadata + 32 + items * 32:metadata + 64 + items * 32] = \
        uuid.UUID('a8d35f2d-b30b-454d-abf7-d3d84834ab0c').bytes_le + struct.pack('<IIII', 0x20000, len(text), 4, 0)
    struct.pack_into('<H', image, metadata + 10, items + 1)
    image[metadata + 0x20000:metadata + 0x20000 + len(text)] = text
    ratio = (SECTOR << 23) // block
    image[bat:bat + 8 * (ratio + 1)] = bytes(8 * (ratio + 1))
    bitmap_at = len(image)
    bitmap = bytearray(MIB)
    image += bitmap
    for i, data in pieces(new, block):
        differ = changed(old[i * block:(i + 1) * block].ljust(block, b'\0'), data, SECTOR)
        if not any(differ):
            continue
        while len(image) % MIB:
            image.append(0)
        struct.pack_into('<Q', image, bat + 8 * (i + i // ratio), len(image) | (6 if all(differ) else 7))
        # Sectors whose bit is not set must not be read: fill them with other data.
        for j, other in enumerate(differ):
            image += data[j * SECTOR:(j + 1) * SECTOR] if other else b'\xaa' * SECTOR
            if other:
                bit = i * (block // SECTOR) + j
                bitmap[bit // 8] |= 1 << bit % 8
    image[bitmap_at:bitmap_at + MIB] = bitmap
    struct.pack_into('<Q', image, bat + 8 * ratio, bitmap_at | 6)
    vhdx_seal(image, data_guid=uuid.uuid4())
    write(out, image)


def vhdx_seal(image, log_guid=None, data_guid=None):
    for at in (65536, 131072):
        if data_guid:
            image[at + 32:at + 48] = data_guid.bytes_le
        if log_guid:
            image[at + 48:at + 64] = log_guid.bytes_le
        image[at + 4:at + 8] = bytes(4)
        struct.pack_into('<I', image, at + 4, crc32c(image[at:at + 4096]))


def log_entry(guid, sequence, tail, size, changes):
    """A log entry that makes @changes, a list of (offset, 4096 bytes or a number of zeros)."""
    head, data = b'', b''
    for offset, new in changes:
        if isinstance(new, int):
            head += struct.pack('<4sIQQQ', b'zero', 0, new, offset, sequence)
            continue
        head += b'desc' + new[4092:] + new[:8] + struct.pack('<QQ', offset, sequence)
        data += b'data' + struct.pack('<I', sequence >> 32) + new[8:4092] + struct.pack('<I', sequence & 0xffffffff)
    length = 4096 + len(data)
    entry = bytearray(struct.pack('<4sIIIQII16sQQ', b'loge', 0, length, tail, sequence, len(changes), 0,
                                  guid.bytes_le, size, size) + head)
    assert len(entry) <= 4096
    entry = entry.ljust(4096, b'\0') + data
    struct.pack_into('<I', entry, 4, crc32c(entry))
    return entry


def vhdx_log(path):
    image = read(path)
    bat = vhdx_regions(image)[0]
    current = vhdx_current(image)
    length, at = struct.unpack_from('<IQ', image, current + 68)
    good, guid = bytes(image[bat:bat + 4096]), uuid.uuid4()
    image[bat:bat + 4096] = b'\xff' * 4096
    # The second entry undoes the first, and the sequence goes around the end of the ring.
    tail = length - 8192
    first = log_entry(guid, 7, tail, len(image), [(bat, 4096), (bat, b'\x55' * 4096)])
    second = log_entry(guid, 8, tail, len(image), [(bat, good)])
    stale = log_entry(uuid.uuid4(), 99, 0, len(image), [(bat, 4096)])
    image[at + tail:at + length] = first
    image[at:at + len(second)] = second
    image[at + 65536:at + 65536 + len(stale)] = stale
    vhdx_seal(image, log_guid=guid)
    write(path, image)


def vhdx_4k(path):
    image = read(path)
    struct.pack_into('<I', image, vhdx_item(image, '8141bf1d-a96f-4709-ba47-f233a8faab5f'), 4096)
    write(path, image)


def vhd_sum(data, at):
    struct.pack_into('>I', data, at, 0)
    struct.pack_into('>I', data, at, ~sum(data) & 0xffffffff)


def vhd_child(parent, parent_raw, raw_path, out):
    old, new, block = read(parent_raw), read(raw_path), 2 * MIB
    footer = read(parent)[-512:]
    guid, name = bytes(footer[68:84]), os.path.basename(parent)
    struct.pack_into('>Q', footer, 16, 512)
    struct.pack_into('>Q', footer, 48, len(new))
    struct.pack_into('>I', footer, 60, 4)
    footer[68:84] = uuid.uuid4().bytes
    vhd_sum(footer, 64)
    blocks = -(-len(new) // block)
    relative = ('.\\' + name).encode('utf-16le')
    header = bytearray(struct.pack('>8sQQIIII16sII', b'cxsparse', 0xffffffffffffffff, 2048, 0x10000, blocks,
                                   block, 0, guid, 0, 0))
    header += name.encode('utf-16be').ljust(512, b'\0')
    header += struct.pack('>4sIIIQ', b'W2ru', 512, len(relative), 0, 1536)
    header = header.ljust(1024, b'\0')
    vhd_sum(header, 36)
    table, data = [0xffffffff] * blocks, bytearray()
    first = 2048 + -(-blocks * 4 // 512) * 512
    for i, content in pieces(new, block):
        differ = changed(old[i * block:(i + 1) * block].ljust(block, b'\0'), content, SECTOR)
        if not any(differ):
            continue
        table[i] = (first + len(data)) // SECTOR
        bitmap = bytearray(block // SECTOR // 8)
        for j, other in enumerate(differ):
            if other:
                bitmap[j // 8] |= 0x80 >> j % 8
        data += bitmap + b''.join(content[j * SECTOR:(j + 1) * SECTOR] if other else b'\xaa' * SECTOR
                                  for j, other in enumerate(differ))
    image = footer + header + relative.ljust(512, b'\0')
    image += struct.pack('>%dI' % blocks, *table).ljust(first - 2048, b'\xff') + data + footer
    write(out, image)


def vdi_child(parent, parent_raw, raw_path, out):
    image, old, new = read(parent), read(parent_raw), read(raw_path)
    table, data_at = struct.unpack_from('<II', image, 0x154)
    block, = struct.unpack_from('<I', image, 0x178)
    blocks, = struct.unpack_from('<I', image, 0x180)
    image[0x1a8:0x1c8] = image[0x188:0x1a8]
    image[0x188:0x1a8] = uuid.uuid4().bytes_le + uuid.uuid4().bytes_le
    struct.pack_into('<I', image, 0x4c, 4)
    image, entries, used = image[:data_at], [0xffffffff] * blocks, 0
    for i, data in pieces(new, block):
        if data == bytes(old[i * block:(i + 1) * block]).ljust(block, b'\0'):
            continue
        entries[i] = used if any(data) else 0xfffffffe
        if any(data):
            image += data
            used += 1
    struct.pack_into('<%dI' % blocks, image, table, *entries)
    write(out, image)


KINDS = {'cowd': cowd, 'sesparse': sesparse, 'vhdx-child': vhdx_child, 'vhd-child': vhd_child,
         'vdi-child': vdi_child, 'vhdx-log': vhdx_log, 'vhdx-4k': vhdx_4k}

KINDS[sys.argv[1]](*sys.argv[2:])
