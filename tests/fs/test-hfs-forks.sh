#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Resource forks of HFS and HFS+ are not copied: get, mv and tar-out name each file that has
# one, and fail; with --no-xattrs they are left out without a message.  A file that macOS has
# compressed is always named: its content cannot be read.
. "$ANYFS_TOP/tests/lib.sh"
requires which hformat hcopy
requires sgdisk --version
here=$ANYFS_TOP/tests/fs

named() { sed -n 's/^anyfs[^:]*: [^:]*: \(.*\): \(resource fork of [0-9]* bytes\|content\) not.*/\1 \2/p' "$1" | sort; }

# Run a command that must exit with 1 and name the files listed in $1.
loses() {
	local want=$1 code=0
	shift
	"$@" 2>err >out.tar || code=$?
	[ $code -eq 1 ] || fail "$*: exit $code: $(cat err)"
	named err | expect "$want"
}

echo "HFS+"
scratch_image 40M
sgdisk -o -n 1:2048:+16M -n 2:0:+16M "$img" >sgdisk.log
scratch_image 16M plus.img
run "$here/make-hfsplus.py" "$img"
plus=$img
mkdir -p tree/plain tree/dir
# Make more records than fit into one node of the catalog.
for i in $(seq 100); do echo "$i" >"tree/plain/file with a long name, number $i"; done
echo main >tree/dir/forked
echo link >tree/linked
ln tree/linked tree/dir/linked
echo x >tree/packed
run anyfs put "$plus" tree/. /
run "$here/add-fork.py" "$plus" forked fork 5000000000
run "$here/add-fork.py" "$plus" packed compressed
cp --sparse=always "$plus" first.img
want="/dir/forked resource fork of 5000000000 bytes
/packed content"
loses "$want" anyfs get "$plus" / out
expect main <out/dir/forked
loses "$want" anyfs tar-out "$plus" /
loses "/packed content" anyfs get --no-xattrs "$plus" / out2
loses "/packed content" anyfs tar-out --no-xattrs "$plus" /
run anyfs get "$plus" /plain out3
run anyfs tar-out "$plus" /dir/linked >out.tar
cmp "$plus" first.img || fail "reading has changed the image"

echo "A hard link: the fork belongs to the file that the link points to"
tr -d '\0' <"$plus" >letters
name=$(grep -a -o 'iNode[0-9]*' letters | sort -u) || fail "no file behind a link"
run "$here/add-fork.py" "$plus" "$name" fork 77
loses "/dir/linked resource fork of 77 bytes" anyfs get "$plus" /dir/linked out4

echo "mv to another file system keeps the source"
scratch_image 40M disk.img
sgdisk -o -n 1:2048:+16M -n 2:0:+16M "$img" >sgdisk.log
dd if="$plus" of="$img" bs=1M seek=1 conv=notrunc,sparse status=none
run anyfs mkfs "$img/p2" ext4
loses "/p1/dir/forked resource fork of 5000000000 bytes" anyfs mv "$img" /p1/dir/forked /p2
run anyfs cat "$img" /p1/dir/forked | expect main

echo "Finder information that the target cannot hold"
run anyfs setfattr -n osx.com.apple.FinderInfo -v 0x5445585474747874000000000000000000000000000000000000000000000000 \
	"$plus" /linked
code=0
anyfs get "$plus" /linked out5 2>err || code=$?
[ $code -eq 1 ] && grep -q 'attribute osx.com.apple.FinderInfo not kept' err ||
	fail "exit $code: $(cat err)"

echo "Attributes of macOS have their whole names"
run anyfs setfattr -n osx.com.apple.quarantine -v x "$plus" /plain
run anyfs tar-out "$plus" /plain >out.tar
grep -a -q 'SCHILY\.xattr\.osx\.com\.apple\.quarantine=x' out.tar || fail "the archive lacks the attribute"
code=0
anyfs get "$plus" /plain out8 2>err || code=$?
[ $code -eq 1 ] && grep -q 'attribute osx.com.apple.quarantine not kept' err ||
	fail "exit $code: $(cat err)"

echo "HFS"
scratch_image 16M old.img
export HOME=$PWD
run hformat -l test "$img" >hformat.log
run python3 - <<'P'
import struct
data, fork = b"main\n", b"R" * 300
head = bytearray(128)                       # of MacBinary II
head[1:6] = b"\4both"
head[65:73] = b"TEXTttxt"
struct.pack_into(">II", head, 83, len(data), len(fork))
head[122:124] = b"\x81\x81"
crc = 0
for byte in head[:124]:
    crc ^= byte << 8
    for _ in range(8):
        crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xffff
struct.pack_into(">H", head, 124, crc)
with open("both.bin", "wb") as f:
    for part in (head, data, fork):
        f.write(bytes(part) + bytes(-len(part) % 128))
P
run hmount "$img" >hmount.log
run hcopy -m both.bin :
echo plain >plain
run hcopy -r plain :
run humount
loses "/both resource fork of 300 bytes" anyfs get "$img" / out6
expect main <out6/both
loses "/both resource fork of 300 bytes" anyfs tar-out "$img" /
run anyfs get --no-xattrs "$img" / out7
run anyfs tar-out "$img" /plain >out.tar

echo "Damaged catalogs cause no crash and no endless loop"
for ((i = 0; i < 24; i++)); do
	for from in "$plus" "$img"; do
		cp --sparse=always "$from" bad.img
		run python3 - bad.img $i <<'P'
import random, sys
rng = random.Random(int(sys.argv[2]))
with open(sys.argv[1], "r+b") as f:
    data = f.read()
    nodes = [at for at in range(0, len(data), 512) if data[at + 8:at + 9] in (b"\xff", b"\1")
             and any(data[at:at + 512])]
    for _ in range(4):
        f.seek(rng.choice(nodes) + rng.randrange(64))
        f.write(bytes([rng.choice((0, 1, 0x7f, 0xff, rng.randrange(256)))]))
P
		code=0
		timeout -s KILL 100 anyfs get --no-owner bad.img / "bad-$i-${from##*/}" 2>err || code=$?
		[ $code -le 1 ] || fail "image $i of $from: exit $code: $(tail -3 err)"
	done
done
