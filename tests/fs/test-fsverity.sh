#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files with fs-verity are read, have the digest that the format defines, and cannot
# be read where a byte of the image was changed.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.f2fs mkfs.btrfs

# Compute the digest: SHA-256 of the descriptor, which has the root of the tree over 256 KiB in
# blocks of 4 KiB.
cat >measure.py <<'END'
import hashlib, struct
data = b"".join(b"a marker to be found in the image, number %-21d\n" % i
                for i in range(0, 256 << 10, 64))
def level(data):
    return b"".join(hashlib.sha256(data[i:i + 4096].ljust(4096, b"\0")).digest()
                    for i in range(0, len(data), 4096))
tree = level(data)
while len(tree) > 32:
    tree = level(tree)
descriptor = struct.pack("<BBBBIQ64s32s144x", 1, 1, 12, 0, 0, len(data), tree, b"")
print("measure", hashlib.sha256(descriptor).hexdigest())
END
python3 measure.py >measure

# Change one byte in the second half of each of "sealed" and "open", which a search of the
# image finds.
cat >damage.py <<'END'
import mmap, sys
with open(sys.argv[1], "r+b") as file:
    image, marker = mmap.mmap(file.fileno(), 0), b"number %-21d" % (128 << 10)
    at = image.find(marker)
    assert at >= 0
    while at >= 0:
        image[at] ^= 1
        at = image.find(marker, at)
END
sealed() {
	program fs/fsverity make "$img" | grep measure >measured
	same measure measured
	program fs/fsverity good "$img" | grep measure >measured
	same measure measured
	"$@" "$img" >fsck.log 2>&1 || fail "$*: $(cat fsck.log)"
	python3 damage.py "$img"
	program fs/fsverity bad "$img"
	rm "$img"
}
scratch_image 64M
mkfs.ext4 -q -b 4096 -O verity "$img"
sealed e2fsck -fn
scratch_image 100M
mkfs.f2fs -q -O extra_attr,verity "$img" >mkfs.log
sealed fsck.f2fs --dry-run
scratch_image 128M
make_btrfs "$img"
sealed btrfs check --force --readonly
