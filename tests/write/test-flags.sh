#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Flags of chattr are kept between file systems of an image and in archives.  The verbs get and
# tar-in, which cannot set them, report each file.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ext4 -V
requires debugfs -V
requires sgdisk --version

mkdir tree
echo i >tree/immutable
echo d >tree/nodump
echo n >tree/none
scratch_image 16M part.img
part=$img
mkfs.ext4 -q -d tree "$part"
flag() { debugfs -w -R "sif /$1 flags $2" "$part" 2>debugfs.err; }
flag immutable 0x80010
flag nodump 0x80040
scratch_image 40M
sgdisk -o -n 1:2048:+16M -n 2:0:+16M "$img" >sgdisk.log
dd if="$part" of="$img" bs=1M seek=1 conv=notrunc,sparse status=none
rm "$part"
scratch_image 16M second.img
mkfs.ext4 -q "$img"
dd if="$img" of=disk.img bs=1M seek=17 conv=notrunc,sparse status=none
img=$PWD/disk.img

echo "get reports flags that it does not keep"
code=0
anyfs get "$img" /p1 out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q '/p1/immutable: flags not kept (i;' err || fail "$(cat err)"
grep -q '/p1/nodump: flags not kept (d;' err || fail "$(cat err)"
[ "$(wc -l <err)" -eq 2 ] || fail "$(cat err)"
same tree/immutable out/immutable
run anyfs get --no-flags "$img" /p1 out2

echo "mv to another file system keeps flags"
run anyfs mv "$img" /p1/nodump /p2
dd if="$img" of=part2.img bs=1M skip=17 count=16 status=none
debugfs -R "stat /nodump" part2.img 2>debugfs.err | matches 'Flags: 0x80040' ||
	fail "$(debugfs -R "stat /nodump" part2.img)"
refuse "Operation not permitted" anyfs rm "$img" /p1/immutable
refuse "not linked: the target or its new directory is immutable or append-only" \
	anyfs ln "$img" /p1/immutable /p1/second

echo "an archive has flags, and tar-in reports that it does not set them"
anyfs tar-out "$img" /p1 >out.tar
grep -a -q 'SCHILY.fflags=' out.tar || fail "no flags in the archive"
code=0
anyfs tar-in "$img" /p2 <out.tar 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q 'immutable: flags not kept' err || fail "$(cat err)"
run anyfs tar-in --no-flags "$img" /p2 <out.tar
run anyfs cat "$img" /p2/immutable | expect i
