#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# blocks lists the ranges that a file system does not use: overwriting them changes no file and
# causes no error of fsck, their sum is near the free space of statfs, and blkls, dumpe2fs and
# xfs_db report the same ranges.
#
# shellcheck disable=SC2016,SC2030,SC2031 # commands with $img, which is another one for fsck
. "${0%/*}/../lib.sh"
requires mkfs.xfs -V
requires blkls -V
mkdir -p tree/dir
for i in $(seq 40); do
	head -c $((i * 3777)) /dev/urandom >"tree/$i"
	head -c $((i * 211)) /dev/urandom >"tree/dir/$i"
done
files=()
for i in $(seq 3 3 40); do files+=("/$i" "/dir/$i"); done

cat >check.py <<'END_PY'
"""check.py IMAGE START FREE: check the list of blocks on standard input, and overwrite free blocks.

The ranges must cover the file system, which begins at byte START of IMAGE, without gaps.  The
unallocated ones must add up to about FREE bytes; they are overwritten in IMAGE.
"""
import os, sys

name, start, free = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pos = total = 0
last = None
with open(name, "r+b") as image:
    for line in sys.stdin:
        offset, length, state = line.rstrip("\n").split("\t")
        offset, length = int(offset), int(length)
        assert offset == pos and length > 0 and state != last, (line, pos)
        pos, last = offset + length, state
        if state == "unallocated":
            total += length
            image.seek(start + offset)
            image.write(b"\xa5" * length)
assert pos + start <= os.path.getsize(name) and pos > 0.98 * (os.path.getsize(name) - start)
assert 0.9 * free < total < 1.1 * free + (64 << 20), (total, free)
END_PY

# The bytes are those that blkls prints for the type of file system $1.
same_as_blkls() {
	blkls -f "$1" "$img" >judge
	[ -s judge ] || fail "blkls printed nothing"
	anyfs blocks --unallocated --data "$img" | cmp - judge || fail "$1: not what blkls prints"
}

# check NAME SIZE MKFS FSCK: $img becomes the image with files, some of them deleted.
check() {
	local name=$1 mkfs=$3 fsck=$4 free
	echo "$name:"
	img=$PWD/$name.img
	truncate -s "$2" "$img"
	eval "$mkfs" >mkfs.log 2>&1 || fail "$mkfs: $(cat mkfs.log)"
	run anyfs put --no-owner "$img" tree/* /
	run anyfs rm "$img" "${files[@]}"
	sha256sum "$img" >sum
	anyfs hash "$img" >before
	[ "$(wc -l <before)" -gt 50 ] || fail "$name: few files"
	free=$(anyfs df --json "$img" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["free"])')
	run anyfs blocks "$img" >list
	sha256sum -c --quiet sum
	cp --sparse=always "$img" wiped.img
	python3 check.py wiped.img 0 "$free" <list || fail "$name: $(head list)"
	anyfs hash wiped.img >after
	same before after
	(img=$PWD/wiped.img && eval "$fsck") >fsck.log 2>&1 || fail "$fsck: $(cat fsck.log)"
	grep unallocated list >free.list
	anyfs blocks --unallocated "$img" | cmp - free.list || fail "$name: --unallocated"
	anyfs blocks --allocated "$img" | sort -n >used.list
	sort -n used.list free.list | same - list
}
check ext4 64M 'mkfs.ext4 -q -b 1024 -g 8192 $img' 'e2fsck -fn $img'
# The numbers of free blocks, as dumpe2fs prints them: "  Free blocks: 1-5, 9".
dumpe2fs "$img" 2>/dev/null | sed -n 's/^  Free blocks: //p' | tr -d ' ' | tr , '\n' | grep . |
	python3 -c '
import sys
free = []
for line in sys.stdin:
    first, _, last = line.strip().partition("-")
    first, last = int(first), int(last or first)
    if free and free[-1][1] == first:
        free[-1][1] = last + 1
    else:
        free.append([first, last + 1])
for first, end in free:
    print(f"{first * 1024}\t{(end - first) * 1024}\tunallocated")' >dumped
same dumped free.list
# blkls does not know the groups of ext4 whose bitmap is not initialised.
check ext3 64M 'mkfs.ext3 -q -b 1024 -g 8192 $img' 'e2fsck -fn $img'
same_as_blkls ext3
check xfs 300M 'mkfs.xfs -q -f $img' 'xfs_repair -n $img'
# xfs_db prints group, block in it and length; a group's own list has blocks for its B-trees.
read -r groups size block < <(xfs_db -r -c 'sb 0' -c 'p agcount agblocks blocksize' "$img" |
	cut -d' ' -f3 | xargs)
xfs_db -r -c 'freesp -d' "$img" | awk -v size="$size" -v block="$block" 'NF == 3 && $1 + 0 == $1 {
	printf "%d\t%d\tunallocated\n", ($1 * size + $2) * block, $3 * block }' | sort >dumped
for i in $(seq 0 $((groups - 1))); do
	xfs_db -r -c "agf $i" -c 'p flcount' "$img" | cut -d' ' -f3
done | python3 -c 'import sys; print(sum(map(int, sys.stdin)))' >listed
sort free.list | comm -13 dumped - | expect ""
sort free.list | comm -23 dumped - | grep -c . | expect "$(cat listed)"
check vfat 40M 'mkfs.vfat -F 32 $img' 'fsck.vfat -n $img'
same_as_blkls fat
check ntfs 40M 'mkntfs -q -F $img' 'ntfsinfo -m $img'
same_as_blkls ntfs
check exfat 40M 'mkfs.exfat $img' 'fsck.exfat -n $img'
check btrfs 160M 'make_btrfs $img' 'btrfs check --force --readonly $img'
check f2fs 128M 'mkfs.f2fs -q $img' '! fsck.f2fs --dry-run $img | grep "Fail\|FIX\|ASSERT"'
check jfs 40M 'mkfs.jfs -q $img' 'fsck.jfs -n $img'
check nilfs2 160M 'mkfs.nilfs2 -q $img' true
check ocfs2 200M 'mkfs.ocfs2 -q -F -M local -N 1 --fs-features=local,sparse,unwritten $img' 'fsck.ocfs2 -fn $img'
check gfs2 200M 'mkfs.gfs2 -O -q -p lock_nolock -j 1 $img' 'fsck.gfs2 -n $img'

echo "In a partition, and in an encrypted one:"
truncate -s 100M disk.img
sgdisk -n 1:4096:+40M -n 2:0:+40M disk.img >/dev/null
dd if=vfat.img of=disk.img bs=1M seek=2 conv=notrunc,sparse status=none
run anyfs blocks disk.img /p1/dir >list.part
anyfs blocks vfat.img | same - list.part
anyfs blocks --unallocated --data disk.img /p1 >data.part
anyfs blocks --unallocated --data vfat.img | same - data.part
requires cryptsetup --version
echo -n secret >key
luks_image ext4.img luks.img
run anyfs blocks --key file:key luks.img >list.luks
anyfs blocks ext4.img | same - list.luks
luks_image vfat.img luks-vfat.img
refuse "the kernel cannot tell" anyfs blocks --key file:key luks-vfat.img

echo "In an image inside an image:"
run anyfs mkfs --size 100M outer.img ext4 >mkfs.log
run anyfs put outer.img ext4.img /inner.img
run anyfs blocks outer.img '/inner.img!' >list.inner
anyfs blocks ext4.img | same - list.inner

echo "A journal is replayed in memory."
cp --sparse=always ext4.img changed.img
program overlay/change -d changed.img 0
sha256sum changed.img >sum
run anyfs blocks changed.img >list
sha256sum -c --quiet sum

refuse "contains only the partitions" anyfs blocks disk.img
refuse "/p1/nofile: No such file" anyfs blocks disk.img /p1/nofile
run anyfs blocks disk.img '/p1/d*' | same - list.part
refuse "/p2" anyfs blocks disk.img /p2
requires mkfs.minix --version
truncate -s 4M minix.img
mkfs.minix minix.img >/dev/null
refuse "the kernel cannot tell which blocks of this minix are in use" anyfs blocks minix.img
refuse "give one" anyfs blocks --data --unallocated --json ext4.img
refuse "--data needs" anyfs blocks --data ext4.img
