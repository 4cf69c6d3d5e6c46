#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With SOURCE_DATE_EPOCH, images of 3000 files are equal byte for byte, whether they are made in
# another directory, in another second, on a loaded machine, or from a pipe.  Some of the file
# systems allocate blocks late and write with threads of the kernel.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V

mkdir -p one/images two/deeper
head -c 9000000 /dev/urandom >noise
for dir in $(seq 30); do
	mkdir -p "one/tree/dir$dir/sub"
	head -c $((dir * 30000)) noise |
		split -b $((dir * 300)) -a 3 - "one/tree/dir$dir/sub/file"
	ln -s "../dir$dir" "one/tree/dir$dir/link"
done
mv noise one/tree/large
cp -a one/tree two/deeper/tree
tar -C one -cf tree.tar tree
[ "$(find one/tree -type f | wc -l)" = 3001 ] || fail "not 3001 files"

export SOURCE_DATE_EPOCH=1700000000
second() { date +%s; }
later() { [ "$(second)" != "$before" ]; }
# make DIRECTORY TYPE SIZE, with the tree beside it
make() {
	(cd "$1" && {
		run anyfs mkfs --size "$3" put.img "$2" >mkfs.log 2>&1
		cp put.img tar.img
		run anyfs put put.img tree /
		run anyfs tar-in tar.img /
	})
}
busy() {
	while :; do :; done
}

compared=0
for fs in ext4:200M xfs:300M btrfs:300M f2fs:300M; do
	type=${fs%:*} size=${fs#*:}
	which "mkfs.$type" >/dev/null || { echo "no mkfs.$type here"; continue; }
	make one "$type" "$size" <tree.tar
	before=$(second)
	wait_for later
	busy & busy=$!
	make two/deeper "$type" "$size" < <(dd if=tree.tar bs=7000 2>/dev/null)
	kill $busy
	for verb in put tar; do
		same one/$verb.img two/deeper/$verb.img
		[ "$(anyfs find one/$verb.img /tree -type f | wc -l)" = 3001 ] ||
			fail "$type: $verb: files are missing"
	done
	compared=$((compared + 1))
	rm one/*.img two/deeper/*.img
done
[ $compared -ge 2 ] || fail "only $compared file systems were compared"
