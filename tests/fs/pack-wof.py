#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""pack-wof.py FORMAT FILE OUT - store FILE like "compact /exe" of Windows

OUT is the stream WofCompressedData: the offset of each chunk but the first, then the
chunks, of which those that do not become smaller are stored.  The script prints the reparse
point of the file, in hexadecimal.  FORMAT is xpress4k, xpress8k, xpress16k or lzx.
"""
import ctypes
import itertools
import struct
import sys

# Number in the reparse point, libwim's number of the compressor, size of a chunk.
FORMATS = {"xpress4k": (0, 1, 4096), "lzx": (1, 2, 32768), "xpress8k": (2, 1, 8192),
           "xpress16k": (3, 1, 16384)}
WOF = 0x80000017


def main(name, source, out):
    number, kind, size = FORMATS[name]
    lib, packer = ctypes.CDLL("libwim.so.15"), ctypes.c_void_p()
    lib.wimlib_compress.restype = ctypes.c_size_t
    if lib.wimlib_create_compressor(kind, ctypes.c_size_t(size), 50, ctypes.byref(packer)):
        sys.exit("pack-wof.py: libwim has no such compressor")

    def pack(piece):
        buf = ctypes.create_string_buffer(len(piece))
        length = lib.wimlib_compress(piece, ctypes.c_size_t(len(piece)), buf,
                                     ctypes.c_size_t(len(piece) - 1), packer)
        return buf.raw[:length] or piece

    with open(source, "rb") as file:
        chunks = [pack(piece) for piece in iter(lambda: file.read(size), b"")]
    starts = itertools.accumulate(len(chunk) for chunk in chunks[:-1])
    with open(out, "wb") as file:
        file.write(b"".join(struct.pack("<I", start) for start in starts) + b"".join(chunks))
    print("0x" + struct.pack("<IHHIIII", WOF, 16, 0, 1, 2, 1, number).hex())


if __name__ == "__main__":
    main(*sys.argv[1:])
