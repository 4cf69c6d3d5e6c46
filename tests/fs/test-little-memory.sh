#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files larger than the kernel's memory are read correctly.  They have compressible and
# incompressible parts and holes, and end within a block.  erofs decompresses into memory
# that can be mapped twice, and the files are larger than that part of the memory.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.erofs
requires which mksquashfs
requires mkfs.btrfs -V
img=$PWD/disk.img
mkdir tree
for i in 1 2 3 4; do
	head -c $((3000000 + i)) /dev/urandom
	seq 400000
	head -c 5000003 /dev/zero
done >tree/mixed
for i in 1 2 3 4 5 6 7; do
	printf 'piece %d' "$i" | dd of=tree/holes bs=1 seek=$((i * 7000001)) conv=notrunc status=none
done
truncate -s 60000001 tree/holes
expected=$(cd tree && sha256sum holes mixed)

check() {
	local file
	for file in holes mixed; do
		anyfs cat --mem 24 "$img" "/$file" | sha256sum | sed "s/-$/$file/"
	done >found
	[ "$(cat found)" = "$expected" ] || fail "$*: other contents: $(cat found)"
	rm "$img"
}

for block in 1024 2048 4096; do
	run mkfs.ext4 -q -b $block -d tree "$img" 160M
	check "ext4, blocks of $block"
done
for cluster in 4096 65536 1048576; do
	run mkfs.erofs -zlz4 -C$cluster "$img" tree >mkfs.log
	check "erofs, clusters of $cluster"
done
run mksquashfs tree "$img" -comp zstd -b 1M -quiet >mkfs.log
check squashfs
truncate -s 256M "$img"
run mkfs.btrfs -q --rootdir tree "$img" >mkfs.log
check btrfs
