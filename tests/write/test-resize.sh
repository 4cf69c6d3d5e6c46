#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs resize lets file systems fill a larger image, and --partition grows the partition first.
. "${0%/*}/../lib.sh"
requires sgdisk --version
requires qemu-img --version
requires sfdisk --version
head -c 3000000 /dev/urandom >data

# blocks IMAGE PATH: size of the file system, in KiB.
blocks() { anyfs info --json "$1" | python3 -c 'import json, sys
for p in json.load(sys.stdin)["partitions"]:
    if p["path"] == sys.argv[1]:
        print(p["blocks"] * p["block_size"] // 1024)' "$2"; }
# check TYPE SIZE MORE: make an image, make it larger, and let the file system fill it.
check() {
	local type=$1 img=$1.img was
	run anyfs mkfs --size "$2" "$img" "$type" >mkfs.log
	run anyfs put "$img" data /
	was=$(blocks "$img" /)
	truncate -s "+$3" "$img"
	run anyfs resize "$img" /
	[ "$(blocks "$img" /)" -gt $((was + was / 10)) ] || fail "$type: $was, $(blocks "$img" /)"
	run anyfs cat "$img" /data | cmp - data || fail "$type: the file has changed"
	[ "$type" = nilfs2 ] || run anyfs fsck "$img"
}
has() { which "$1" >/dev/null || { echo "no $1 here"; false; }; }
check ext4 32M 40M
check ext2 32M 40M
if has mkfs.xfs; then check xfs 300M 100M; fi
if has mkfs.btrfs; then check btrfs 300M 100M; fi
if has mkfs.f2fs; then check f2fs 80M 60M; fi
if has mkfs.jfs; then check jfs 32M 40M; fi
if has mkfs.ntfs; then check ntfs 32M 40M; fi
if has mkfs.nilfs2; then check nilfs2 130M 60M; fi

echo "To a given size:"
run anyfs mkfs --size 20M sized.img ext4
truncate -s 80M sized.img
run anyfs resize sized.img / 40M
dumpe2fs -h sized.img 2>/dev/null | matches "^Block count: *40960" || fail "another size"
refuse "sized.img: /: not resized: its partition or volume has only 83886080 bytes" \
	anyfs resize sized.img / 100M
refuse "not resized: the kernel refuses this size" anyfs resize sized.img / 10M
run anyfs fsck sized.img

for table in gpt dos; do
	echo "Partitions, $table:"
	rm -f disk.*
	run anyfs mkdisk disk.img --size 60M --table $table --part a:ext4:20M --part b:ext4:30M
	run anyfs put disk.img data /p2
	qemu-img convert -O qcow2 disk.img disk.qcow2
	qemu-img resize -q disk.qcow2 100M
	was=$(blocks disk.qcow2 /p2)
	run anyfs resize --partition disk.qcow2 /p2
	[ "$(blocks disk.qcow2 /p2)" -gt $((was * 2)) ] || fail "$was, $(blocks disk.qcow2 /p2)"
	run anyfs cat disk.qcow2 /p2/data | cmp - data || fail "the file has changed"
	run anyfs fsck disk.qcow2
	qemu-img convert -O raw disk.qcow2 grown.img
	run sfdisk --verify grown.img
	[ $table = dos ] || run sgdisk --verify grown.img | matches "No problems found" ||
		fail "$(sgdisk --verify grown.img)"
	sha256sum disk.qcow2 >before
	refuse "disk.qcow2: /p1: partition not resized: there is space for|up to the next partition" \
		anyfs resize --partition disk.qcow2 /p1 30M
	run sha256sum -c --quiet before
done

echo "To a given size, with space left:"
rm disk.img
run anyfs mkdisk disk.img --size 100M --part a:ext4:20M
run anyfs resize --partition disk.img /p1 50M
anyfs parts disk.img | matches "^/p1 .* 50M" || fail "$(anyfs parts disk.img)"
run anyfs fsck disk.img

echo "Failures:"
run anyfs mkfs --size 16M fat.img vfat >mkfs.log
refuse "fat.img: /: not resized: nothing can resize vfat" anyfs resize fat.img /
refuse "/: --partition needs the path of a partition" anyfs resize --partition disk.img /
refuse "/p1: partition not resized: there is space for|up to the end of the disk; first make" \
	anyfs resize --partition disk.img /p1 200M
refuse "/p3: partition not resized: no partition 3" anyfs resize --partition disk.img /p3
[ -z "$(find . -name '.anyfs*')" ] || fail "left: $(find . -name '.anyfs*')"
