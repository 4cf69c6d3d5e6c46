#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Unpacking an image stops at a limit.  A damaged image, a full disk and an attempt to write cause
# a clear error.
. "${0%/*}/lib-formats.sh"
requires bgzip --version
make_disk
run cp --sparse=always "$img" inside.img
gzip -1 -c "$img" >disk.gz
xz -0 -T2 --block-size=1000000 -c "$img" >blocks.xz
zstd -q -c "$img" >disk.zst
bzip2 -1 -c "$img" >disk.bz2

# Limits, damaged images, no room.
refuse 'disk.gz: unpacks to more than 10 MiB|--unpack-limit' anyfs ls --unpack-limit 10M disk.gz /p2
refuse 'blocks.xz: unpacks to more than 10 MiB|--unpack-limit' anyfs ls --unpack-limit 10M blocks.xz /p2
run anyfs ls --unpack-limit 60M disk.gz /p2 >/dev/null
head -c 500000 disk.gz >cut.gz
refuse 'cut.gz: cannot be unpacked: it is damaged or cut off' anyfs ls cut.gz /p2
bgzip -c "$img" >disk.bgz
head -c -28 disk.bgz >whole.bgz
run anyfs ls whole.bgz /p2 >/dev/null
head -c 500000 disk.bgz >cut.bgz
refuse 'cut.bgz: cannot be unpacked: it is damaged or cut off' anyfs ls cut.bgz /p2
refuse 'disk.bgz: unpacks to more than 10 MiB|--unpack-limit' anyfs ls --unpack-limit 10M disk.bgz /p2
# The file of random bytes is stored, not packed: only the checksum shows the damage.
damage() {
	python3 -c 'import sys
image, file = open(sys.argv[1], "rb").read(), open("tree/random", "rb").read()
at = image.find(file[1000000:1000100])
assert at > 0
sys.stdout.buffer.write(image[:at] + bytes(byte ^ 1 for byte in image[at:at + 1]) + image[at + 1:])' "$1"
}
damage disk.gz >bad.gz
refuse 'bad.gz: cannot be unpacked: it is damaged or cut off' anyfs ls bad.gz /p2
damage disk.bgz >bad.bgz
code=0
anyfs cat bad.bgz /p2/random >out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q 'Input/output error' err || fail "$(cat err)"
# Data before the damage may be printed.
cmp -n "$(stat -c %s out)" out tree/random || fail "wrong data was printed"
(head -c 100000 disk.zst; head -c 1000 /dev/urandom; tail -c +101001 disk.zst) >bad.zst
refuse 'bad.zst: cannot be unpacked' anyfs ls bad.zst /p2
cat disk.bz2 tree/compressible >trailing.bz2
refuse 'trailing.bz2: cannot be unpacked' anyfs ls trailing.bz2 /p2
refuse 'disk.gz: cannot be unpacked to|missing|--unpack-dir' anyfs ls --unpack-dir missing disk.gz /p2
# A limit on file sizes stands for a full host disk.  It is less than the 200 MiB of this image
# and more than the size of the kernel's memory.
truncate -s 200M inside.img
run gzip -1 inside.img
(
	ulimit -f 100000
	trap '' XFSZ
	refuse 'inside.img.gz: cannot be unpacked to|--unpack-dir' anyfs ls inside.img.gz /p2
)
echo new >new
refuse 'disk.gz: is a gzip image, which can only be read|or unpack it with gunzip' anyfs put disk.gz new /p2
run anyfs put --overlay changes.ovl disk.gz new /p2
run anyfs cat --overlay changes.ovl disk.gz /p2/new | expect new
