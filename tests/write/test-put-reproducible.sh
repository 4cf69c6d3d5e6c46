#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With SOURCE_DATE_EPOCH, put, tar-in and other verbs that write make the same bytes in another
# second, on file systems of each kind.  Without it they do not.
. "${0%/*}/../lib.sh"
requires mkfs.vfat --help
mkdir -p tree/dir
for i in 1 2 3 4 5 6 7 8 9; do
	head -c ${i}0000 /dev/urandom >tree/dir/file$i
done
tar -C tree -cf tree.tar dir

second() { date +%s; }
later() { [ "$(second)" != "$before" ]; }
# make IMAGE TYPE SIZE
make() {
	SOURCE_DATE_EPOCH=1700000000 anyfs mkfs --size "$3" "$1" "$2" >mkfs.log 2>&1 ||
		fail "$(cat mkfs.log)"
	run anyfs put "$1" tree/. /
	run anyfs tar-in --no-owner "$1" / <tree.tar
	run anyfs mkdir "$1" /new
	run anyfs touch "$1" /new/empty
	run anyfs cp "$1" /dir/file1 /new
	run anyfs rm "$1" /dir/file2
}
compared=0
for fs in vfat:32M exfat:32M ntfs:32M ext2:32M ext4:32M xfs:300M btrfs:120M f2fs:64M nilfs2:130M \
	udf:32M reiserfs:64M minix:32M; do
	type=${fs%:*} size=${fs#*:}
	which "mkfs.$type" >/dev/null || { echo "no mkfs.$type here"; continue; }
	export SOURCE_DATE_EPOCH=1700000000
	make one.img "$type" "$size"
	before=$(second)
	wait_for later
	make two.img "$type" "$size"
	same one.img two.img
	run anyfs stat --json one.img /new/empty | matches '"mtime": 1700000000,' ||
		fail "another time: $(anyfs stat one.img /new/empty)"
	unset SOURCE_DATE_EPOCH
	make other.img "$type" "$size"
	! cmp -s one.img other.img || fail "$type: equal without SOURCE_DATE_EPOCH"
	rm ./*.img
	compared=$((compared + 1))
done
[ $compared -ge 1 ] || fail "nothing was compared"

run anyfs mkfs --size 16M one.img vfat >mkfs.log
for wrong in x -1 99999999999 ""; do
	SOURCE_DATE_EPOCH=$wrong refuse "SOURCE_DATE_EPOCH=$wrong: give seconds since 1970" \
		anyfs mkdir one.img /dir
done
run anyfs ls one.img | expect ""

echo "--reproducible fails without SOURCE_DATE_EPOCH:"
for verb in "mkdir one.img /dir" "mkfs --size 16M new.img vfat" "mkdisk new.img --size 16M"; do
	# shellcheck disable=SC2086 # words
	refuse "--reproducible: set SOURCE_DATE_EPOCH" anyfs $verb --reproducible
done
[ ! -e new.img ] || fail "an image was made"
run anyfs ls one.img | expect ""
refuse "ls does not write and has no --reproducible" anyfs ls --reproducible one.img
SOURCE_DATE_EPOCH=0 run anyfs mkdir --reproducible one.img /dir
run anyfs ls one.img | expect dir

echo "Disk images inside an image are written, though not reproducibly:"
requires qemu-img --version
export SOURCE_DATE_EPOCH=1700000000
run anyfs mkfs --size 16M inner.img ext4 >mkfs.log 2>&1
run anyfs mkfs --size 64M outer.img ext4 >mkfs.log 2>&1
run anyfs put outer.img inner.img /
run anyfs put outer.img tree/dir/file9 '/inner.img!/'
run anyfs cat outer.img '/inner.img!/file9' | cmp - tree/dir/file9
run qemu-img convert -O qcow2 outer.img outer.qcow2
run anyfs mkfs --size 64M two.img ext4 >mkfs.log 2>&1
run anyfs put two.img outer.qcow2 /
run anyfs cp two.img '/outer.qcow2!/inner.img' /copy
run anyfs cat two.img '/copy!/file9' | cmp - tree/dir/file9
