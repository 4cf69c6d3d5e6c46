#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application previews texts in several encodings and of many lines, the bytes of a file of
# 1 TiB, a picture, and sound by ranges; scripts in an image never run.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir tree
printf '\xff\xfe' >tree/utf16.txt
printf 'Grüße aus UTF-16\nzwei\n' | iconv -t UTF-16LE >>tree/utf16.txt
printf 'Grüße aus Latin-1\n' | iconv -t LATIN1 >tree/latin1.txt
seq -f 'line %.0f' 0 199999 >tree/lines.txt
head -c 3000000 /dev/zero | tr '\0' x >tree/long-line.txt
truncate -s $((0xfffffffff0)) tree/huge
printf 'the very last...' >>tree/huge
echo '<script>window.ran = true</script>' >tree/page.html
python3 - <<'END'
import struct, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
open("tree/picture.png", "wb").write(b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0\x80\xff")) + chunk(b"IEND", b""))
rate, seconds = 8000, 60
open("tree/sound.wav", "wb").write(b"RIFF" + struct.pack("<I", 36 + rate * seconds) + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate, 1, 8) + b"data" + struct.pack("<I", rate * seconds)
    + bytes(i * 20 // 180 % 256 for i in range(rate * seconds)))
END
image_ext4 tree ext4.img 64M
web app-preview.mjs "$img"
