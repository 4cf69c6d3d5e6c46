#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Android's sparse images and images of CDs with raw sectors hold the same files as the
# plain image.
. "${0%/*}/lib-formats.sh"
requires python3 --version
requires genisoimage --version
mkdir cd
seq 1 200000 >cd/numbers
echo hello >cd/hello
run genisoimage -quiet -R -o plain.iso cd
anyfs hash plain.iso / >wanted
same_cd() {
	run anyfs hash "$@" / >got
	same wanted got
}
# Sectors with a header and room for the checksums, which nothing reads here.
python3 - plain.iso <<'END'
import struct
import sys
data = open(sys.argv[1], 'rb').read()
sync = b'\0' + b'\xff' * 10 + b'\0'
sectors = [data[at:at + 2048].ljust(2048, b'\0') for at in range(0, len(data), 2048)]
mode1 = b''.join(sync + b'\0\2\0\1' + s + b'\x55' * 288 for s in sectors)
mode2 = b''.join(sync + b'\0\2\0\2' + b'\0' * 8 + s + b'\x55' * 280 for s in sectors)
open('mode1.bin', 'wb').write(mode1)
open('mode2.bin', 'wb').write(mode2)
audio = b'\x11' * 2352 * 150
open('late.bin', 'wb').write(audio + mode1)
open('disc.cue', 'w').write('FILE "late.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 00 00:00:00\n    INDEX 01 00:02:00\n')
def nrg(name, body, chunk):
    open(name, 'wb').write(body + chunk + b'END!' + bytes(4) + b'NER5' + struct.pack('>Q', len(body)))
start = 150 * 2048
nrg('tao.nrg', bytes(start) + b''.join(sectors), b'ETN2' + struct.pack('>IQQIIII', 32, start, len(sectors) * 2048, 0, 0, 0, 0))
track = bytes(12) + struct.pack('>HHHQQQ', 2352, 0x0500, 1, 0, len(audio), len(audio) + len(mode1))
nrg('dao.nrg', audio + mode1, b'DAOX' + struct.pack('>I', 64) + bytes(22) + track)
END
same_cd mode1.bin
same_cd mode2.bin
same_cd tao.nrg
same_cd dao.nrg
refuse 'disc.cue: needs its sectors in late.bin|--allow-backing' anyfs ls disc.cue /
same_cd --allow-backing disc.cue

requires sh -c 'command -v img2simg'
make_disk
mkdir full
run img2simg "$img" sparse.simg
same_files sparse.simg
run anyfs info sparse.simg >info.out
grep -q 'format android-sparse' info.out || fail "not named: $(head -1 info.out)"
# Patterns: img2simg writes them for blocks of one repeated word.
python3 -c 'import struct, sys
sys.stdout.buffer.write(struct.pack("<IHHHHIIII", 0xed26ff3a, 1, 0, 28, 12, 4096, 40, 2, 0) +
    struct.pack("<HHIII", 0xcac2, 0, 39, 16, 0x44434241) + struct.pack("<HHII", 0xcac3, 0, 1, 12))' >fill.simg
run simg2img fill.simg fill.raw
refuse 'fill.simg: no file system recognised' anyfs ls fill.simg /
head -c 3000 sparse.simg >cut.simg
refuse 'cut.simg: the Android sparse image is damaged' anyfs ls cut.simg /
