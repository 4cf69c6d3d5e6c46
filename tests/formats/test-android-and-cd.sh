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
run python3 "${0%/*}/make-cd.py" plain.iso
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
# Fill chunks, which img2simg writes for blocks of one repeated word, are read.
python3 -c 'import struct, sys
sys.stdout.buffer.write(struct.pack("<IHHHHIIII", 0xed26ff3a, 1, 0, 28, 12, 4096, 40, 2, 0) +
    struct.pack("<HHIII", 0xcac2, 0, 39, 16, 0x44434241) + struct.pack("<HHII", 0xcac3, 0, 1, 12))' >fill.simg
run simg2img fill.simg fill.raw
refuse 'fill.simg: no file system recognised' anyfs ls fill.simg /
head -c 3000 sparse.simg >cut.simg
refuse 'cut.simg: the Android sparse image is damaged' anyfs ls cut.simg /
