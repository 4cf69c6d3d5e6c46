#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# DMG images with chunks of every kind hold the same files as the raw disk.  7-Zip and
# qemu-img read the images of the test's own writer, too, and find the same bytes.
. "${0%/*}/lib-formats.sh"
requires python3 --version
mkdir tree
seq 1 30000 >tree/numbers
head -c 60000 /dev/urandom >tree/random
image_ext4 tree disk.img 4M
run anyfs hash disk.img / >wanted
write() {
	run python3 "${0%/*}/make-dmg.py" disk.img "$1.dmg" "$@"
}
for kind in raw zlib bzip2 xz adc lzfse stored mixed; do
	write "$kind" 100
	run anyfs hash "$kind.dmg" / >got
	same wanted got
	if [ $kind != stored ] && [ $kind != mixed ] && command -v 7zz >7zz.out; then
		run 7zz t "$kind.dmg" >7zz.out
		7zz x -so "$kind.dmg" 2>7zz.err | cmp - disk.img || fail "7-Zip reads other bytes: $kind"
	fi
done
run anyfs info mixed.dmg >info.out
grep -q 'format dmg' info.out || fail "not named: $(head -1 info.out)"
run qemu-img convert -O raw zlib.dmg judge.img 2>qemu.err
same disk.img judge.img

# Damaged images.
head -c 100000 zlib.dmg >cut.dmg
tail -c 512 zlib.dmg >>cut.dmg
refuse 'cut.dmg: the DMG image is damaged' anyfs ls cut.dmg /
sed 's/<key>blkx/<key>blky/' zlib.dmg >none.dmg
refuse 'none.dmg: the DMG image is damaged: its property list has no tables' anyfs ls none.dmg /
refuse 'zlib.dmg: is a dmg image, which can only be read' anyfs mkdir zlib.dmg /new
