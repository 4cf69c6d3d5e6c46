#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write the header of an encrypted volume in the form that parse-crypt.c takes.

    make-headers.py truecrypt           an unencrypted header of version 5
    make-headers.py bitlocker IMAGE     the first sector and the metadata of a BitLocker image
    make-headers.py filevault           the metadata of FileVault2, with keys that open nothing
    make-headers.py luks2 CIPHER [TYPE]     the JSON of a LUKS2 header; TYPE is that of its tags
"""
import base64
import json
import struct
import sys

SECTOR = 512
GUID_AT = 160                   # the GUID in the first sector; three offsets follow
GUID_AT_TO_GO = 424
FVAULT_METADATA = 4096          # offset of the metadata; the encrypted blocks follow it
FVAULT_BLOCK = 8192


def truecrypt():
    header = bytearray(448)
    struct.pack_into(">4sHHI", header, 0, b"TRUE", 5, 0x71a, 0)
    struct.pack_into(">QQQQII", header, 28, 0, 1 << 20, 131072, 1 << 20, 0, 512)
    header[192:256] = bytes(range(64))
    return b"T\0" + header


def bitlocker(path):
    with open(path, "rb") as image:
        first = bytearray(image.read(SECTOR))
        at = (GUID_AT if first[3:11] == b"-FVE-FS-" else GUID_AT_TO_GO) + 16
        image.seek(struct.unpack_from("<Q", first, at)[0])
        block = image.read(64 + 65536)
    size = 64 + struct.unpack_from("<I", block, 64)[0]
    struct.pack_into("<QQQ", first, at, SECTOR, SECTOR, SECTOR)
    return b"B" + first + block[:size]


def property_list(entries):
    text = "".join(f"<key>{key}</key><{kind}>{value}</{kind}>" for key, kind, value in entries)
    return f"<dict>{text}</dict>".encode()


def list_block(kind, at, entries):
    """A block of type @kind with a property list, whose offset and size it stores at @at."""
    text = property_list(entries)
    block = bytearray(FVAULT_BLOCK)
    struct.pack_into("<H", block, 10, kind)
    struct.pack_into("<II", block, 104, len(text), len(text))
    struct.pack_into("<II", block, at, 512, len(text))
    block[512:512 + len(text)] = text
    return bytes(block)


def filevault():
    """The metadata of FileVault2, not encrypted and without checksums."""
    header = bytearray(FVAULT_METADATA)
    struct.pack_into("<HH", header, 8, 1, 0x10)
    struct.pack_into("<2sIxxIIQQQQ", header, 88, b"CS", 1, 4096, 1 << 22, 1, 2000, 3000, 4000)
    struct.pack_into("<II16s", header, 168, 16, 2, bytes(range(16)))
    header[304:320] = bytes(range(100, 116))
    metadata = bytearray(FVAULT_BLOCK)
    struct.pack_into("<H", metadata, 10, 0x11)
    struct.pack_into("<I", metadata, 220, 1024)
    struct.pack_into("<8xQ16xQQ", metadata, 1024, 100, 3, 2000)
    user = struct.pack("<II16sII24s112xI112x", 3, 16, bytes(range(16)), 16, 24, bytes(24), 1000)
    key = struct.pack("<II24s224x", 16, 24, bytes(24))
    keys = [("PassphraseWrappedKEKStruct", "data", base64.b64encode(user).decode()),
            ("KEKWrappedVolumeKeyStruct", "data", base64.b64encode(key).decode())]
    volume = [("com.apple.corestorage.lv.familyUUID", "string", "33A76CAA-1481-4BC5-8D04-1AC1707C19C0"),
              ("com.apple.corestorage.lv.size", "integer", "0x100000")]
    blocks = b"".join(list_block(*x) for x in ((0x19, 112, keys), (0x1a, 128, volume)))
    extent = bytearray(FVAULT_BLOCK)
    struct.pack_into("<H", extent, 10, 0x305)
    struct.pack_into("<I20xI12xQ", extent, 64, 1, 256, 5000)
    return b"F" + header + metadata + blocks + extent


def luks2(cipher, integrity=None):
    segment = {"type": "crypt", "offset": "32768", "iv_tweak": "0", "size": "dynamic",
               "encryption": cipher, "sector_size": 512}
    if integrity:
        segment["integrity"] = {"type": integrity, "journal_encryption": "none"}
    header = {"digests": {"0": {"segments": ["0"]}}, "segments": {"0": segment}}
    return b"J" + json.dumps(header).encode()


if sys.argv[1] == "truecrypt":
    sys.stdout.buffer.write(truecrypt())
elif sys.argv[1] == "filevault":
    sys.stdout.buffer.write(filevault())
elif sys.argv[1] == "luks2":
    sys.stdout.buffer.write(luks2(*sys.argv[2:]))
else:
    sys.stdout.buffer.write(bitlocker(sys.argv[2]))
