#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With SOURCE_DATE_EPOCH, anyfs mkfs and mkdisk make the same bytes in another directory and at
# another time; without it they do not.
. "${0%/*}/../lib.sh"
requires mkfs.vfat --help
requires mkfs.xfs -V
parts=(--part efi:vfat:64M:label=EFI --part root:ext4:64M --part x:xfs:300M
	--part b:btrfs:120M --part f:f2fs:64M --part swap:swap:1M)
mkdir one two

second() { date +%s; }
later() { [ "$(second)" != "$before" ]; }
export SOURCE_DATE_EPOCH=1700000000
run anyfs mkdisk one/disk.img --size 700M "${parts[@]}"
run anyfs mkfs --size 64M one/fs.img ext4
before=$(second)
wait_for later
(cd two && run anyfs mkdisk disk.img --size 700M "${parts[@]}")
run anyfs mkfs --size 64M two/fs.img ext4
same one/disk.img two/disk.img
same one/fs.img two/fs.img
run e2fsck -fn two/fs.img >/dev/null 2>&1
run sfdisk --verify two/disk.img >/dev/null
dumpe2fs -h two/fs.img 2>/dev/null | matches "^Filesystem created: .*2023" ||
	fail "the time: $(dumpe2fs -h two/fs.img)"
sfdisk --dump two/disk.img | sed -n 's/.*uuid=\([^,]*\).*/\1/p' | sort | uniq -d | expect ""

SOURCE_DATE_EPOCH=x refuse "SOURCE_DATE_EPOCH=x" anyfs mkfs --size 64M new.img ext4
[ ! -e new.img ] || fail "an image was left"
unset SOURCE_DATE_EPOCH
rm one/fs.img
run anyfs mkfs --size 64M one/fs.img ext4
! cmp -s one/fs.img two/fs.img || fail "equal without SOURCE_DATE_EPOCH"

echo "A module that the user preloads, like fakeroot, stays loaded:"
requires qemu-img --version
mkdir bin
for program in mkfs.ext4 qemu-img; do
	cat >bin/$program <<END
#!/bin/sh
echo "$program \$LD_PRELOAD" >>preloaded
exec $(PATH=$PATH:/usr/sbin command -v $program) "\$@"
END
	chmod +x bin/$program
done
PATH=$PWD/bin:$PATH SOURCE_DATE_EPOCH=1700000000 LD_PRELOAD=libm.so.6 \
	run anyfs mkdisk --format qcow2 disk.qcow2 --size 40M --part a:ext4:16M --part b:ext4:16M
sed 's| /.*/anyfs-fixed| anyfs-fixed|' preloaded | expect "mkfs.ext4 anyfs-fixed.so:libm.so.6
mkfs.ext4 anyfs-fixed.so:libm.so.6
qemu-img libm.so.6"
