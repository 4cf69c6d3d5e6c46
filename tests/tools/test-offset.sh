#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A file system or disk that begins at any byte of a file is read, written and made.
# The bytes around it do not change.
. "${0%/*}/../lib.sh"
requires mksquashfs -version
mkdir tree
echo hello >tree/file
head -c 100000 /dev/urandom >tree/noise

# An AppImage, at an offset that no sector begins at.
mksquashfs tree s.img -noappend -nopad -quiet -no-progress >mksquashfs.log
for at in 1 511 12345 70000; do
	head -c $at /dev/urandom >app.img
	cat s.img >>app.img
	anyfs cat --offset $at app.img /noise >got || fail "not at $at"
	same got tree/noise
done
anyfs stat --json --offset 70000 app.img /file | matches '"size": 6' || fail "stat"
anyfs hash --offset 70000 app.img | matches '^file' || fail "hash"
anyfs tar-out --offset 70000 app.img / | tar -t | matches '^./noise\|^noise' || fail "tar-out"
mkdir out
run anyfs get --offset 70000 app.img /file out
same out/file tree/file

# A file system between other bytes is read and written.
image_ext4 tree fs.img 16M
head -c 1000000 /dev/urandom >before
head -c 700001 /dev/urandom >after
cat before fs.img after >all.img
within="--offset 1000000 --size 16M"
# shellcheck disable=SC2086  # several words
{
	run anyfs cat $within all.img /file | expect hello
	echo new | run anyfs put $within all.img - /new
	run anyfs cat $within all.img /new | expect new
	run anyfs cat --offset 1000000 all.img /new | expect new
	head -c 100000 /dev/urandom >big
	run anyfs put $within all.img big /
	run anyfs rm $within all.img /noise
	cp all.img written.img
	echo over | run anyfs put $within --overlay over all.img - /over
	run anyfs cat $within --overlay over all.img /over | expect over
	same all.img written.img
}
head -c 1000000 all.img | cmp - before || fail "bytes before it have changed"
tail -c 700001 all.img | cmp - after || fail "bytes after it have changed"
dd if=all.img of=inner.img bs=4096 iflag=skip_bytes,count_bytes skip=1000000 count=16M status=none
run e2fsck -fn inner.img >e2fsck.log 2>&1

# A disk with partitions, and a file system made in one of them.
scratch_image 20M
echo 'start=2048, size=16M' | sfdisk -q "$img" >sfdisk.log 2>&1
dd if=fs.img of="$img" bs=1M seek=1 conv=notrunc status=none
cat before "$img" after >disk2.img
run anyfs parts -b --offset 1000000 --size 20M disk2.img | awk '$1 == "/p1" { print $4 }' | expect ext4
run anyfs cat --offset 1000000 disk2.img /p1/file | expect hello
run anyfs mkfs --force --offset 1000000 --size 20M disk2.img/p1 vfat >mkfs.log
run anyfs touch --offset 1000000 disk2.img /p1/made
run anyfs mkfs --force --offset 1000000 --size 8M disk2.img ext4 >mkfs.log
run anyfs info --offset 1000000 --size 8M disk2.img | matches ext4 || fail "no ext4 was made"
head -c 1000000 disk2.img | cmp - before || fail "bytes before it have changed"
tail -c 700001 disk2.img | cmp - after || fail "bytes after it have changed"

# Offsets at which there is no image.
refuse 'fs.img: offset 16777216 is beyond its last byte; its size is 16777216 bytes' anyfs ls --offset 16M fs.img
refuse 'fs.img: has only 15728640 bytes at offset 1048576, not 16777216' \
	anyfs ls --offset 1M --size 16M fs.img
refuse 'multiple of the sector size' anyfs ls --offset 1M --size 1000 fs.img
refuse 'recognised at byte 5 of the file; check the offset' anyfs ls --offset 5 fs.img
refuse 'offset 1x: give bytes' anyfs ls --offset 1x fs.img
