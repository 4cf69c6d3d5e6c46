#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Compressed images hold the same files as the raw disk; no temporary file stays.
. "${0%/*}/lib-formats.sh"
requires python3 --version
requires pigz --version
requires bgzip --version
make_disk
mkdir scratch
export TMPDIR=$PWD/scratch

# packed NAME FORMAT COMMAND...: compress the disk with COMMAND and compare.
packed() {
	local image=$1 format=$2
	shift 2
	"$@" <"$img" >"$image" 2>packed.log || fail "$*: $(cat packed.log)"
	sha256sum "$image" >before
	same_files "$image"
	sha256sum -c --quiet before || fail "$image was written to"
	run anyfs info "$image" >info.out
	grep -q ", format $format\$" info.out || fail "not the format $format: $(head -1 info.out)"
	[ -z "$(ls scratch)" ] || fail "a temporary file stays: $(ls scratch)"
}
packed disk.gz gzip gzip -1 -c
packed disk.bz2 bzip2 bzip2 -1 -c
packed disk.xz xz xz -0 -T1 -c
packed disk.zst zstd zstd -q -c
packed disk.lz4 lz4 lz4 -q -c
# Formats with many blocks, of which only those that are read are unpacked.
packed blocks.xz xz xz -0 -T2 --block-size=1000000 -c
[ "$(xz --robot -l blocks.xz | awk '/^file/ { print $3 }')" -gt 10 ] || fail "one block"
seekable() {
	python3 -c 'import struct, subprocess, sys
data, table, nr = sys.stdin.buffer.read(), b"", 0
for at in range(0, len(data), 3000000):
    part = data[at:at + 3000000]
    frame = subprocess.run(["zstd", "-q", "-c"], input=part, stdout=subprocess.PIPE, check=True).stdout
    sys.stdout.buffer.write(frame)
    table += struct.pack("<II", len(frame), len(part))
    nr += 1
sys.stdout.buffer.write(struct.pack("<II", 0x184d2a5e, len(table) + 9) + table + struct.pack("<IBI", nr, 0, 0x8f92eab1))'
}
packed seekable.zst zstd seekable
# Several compressed members in one file, small and empty ones, and zeros after the last.
members() {
	head -c 20000000 | gzip -1
	head -c 3000000 | gzip -9
	gzip </dev/null
	split -b 100000 --filter='gzip -1'
	gzip </dev/null
	head -c 1000 /dev/zero
}
packed members.gz gzip bash -c "$(declare -f members); members"
# Blocks that do not refer to each other, and the smallest and largest blocks of gzip.
packed pigz.gz gzip pigz -1 -i -c
packed best.gz gzip gzip -9 -c
packed huffman.gz gzip pigz -H -c
