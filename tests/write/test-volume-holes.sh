#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The verbs fsck, uuid and tune skip the holes of a volume.  They run programs on a copy of the
# volume; what a program changes in holes and in data is stored in the image, raw or qcow2.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires mkfs.vfat --help
requires fallocate --version
requires qemu-img --version

echo "500 GiB without data, which would take minutes to read:"
truncate -s 500G big.img
mkfs.ext4 -q -N 1000 -O ^has_journal,^resize_inode big.img
run anyfs fsck big.img | expect "/: ext4: no errors (e2fsck)"
run anyfs tune big.img / -- -c 20 >/dev/null
uuid=9b4d1f6e-5d0a-4c3e-8f52-0d7a6f0f1c11
run anyfs uuid big.img / $uuid >/dev/null
dumpe2fs -h big.img 2>/dev/null >header
matches "^Maximum mount count: *20" <header || fail "$(cat header)"
matches "^Filesystem UUID: *$uuid" <header || fail "$(cat header)"
[ "$(du -m big.img | cut -f1)" -lt 100 ] || fail "holes became data: $(du -m big.img)"

echo "A program fills a hole, makes a hole, and changes data beside holes:"
# The sandbox lets this program write only to the file that is its last argument.
mkdir bin
cat >bin/fsck.vfat <<'END'
#!/bin/sh
for file; do :; done
if [ "$1" = -n ]; then
	[ "$(dd if="$file" bs=1 skip=40000000 count=6 status=none | tr -d '\0')" = filled ]
	exit
fi
printf filled | dd of="$file" bs=1 seek=40000000 conv=notrunc status=none
fallocate --punch-hole --offset 20971520 --length 1048576 "$file"
printf changed | dd of="$file" bs=1 seek=31457283 conv=notrunc status=none
END
chmod +x bin/fsck.vfat
truncate -s 64M disk.img
mkfs.vfat disk.img >/dev/null
for mib in 20 30; do
	head -c 1M /dev/urandom | dd of=disk.img bs=1M seek=$mib conv=notrunc status=none
done
cp disk.img expected
bin/fsck.vfat -a expected
qemu-img convert -O qcow2 disk.img disk.qcow2
for image in disk.img disk.qcow2; do
	code=0
	PATH=$PWD/bin:$PATH anyfs fsck --repair $image / >out 2>err || code=$?
	[ $code -eq 0 ] || fail "$image: exit $code: $(cat out err)"
	qemu-img convert -O raw $image got
	same got expected
done
