#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs fsck finds errors that the file system's own program finds, in partitions, compressed
# and encrypted images.  Only --repair changes the image.
. "${0%/*}/../lib.sh"
. "${0%/*}/../overlay/lib-replay.sh"
requires sgdisk --version
requires qemu-img --version
requires which fsck.vfat
requires debugfs -V
mkdir tree
echo hello >tree/file
head -c 300000 /dev/urandom >tree/large
image_gpt tree tree

# sum FILE
sum() { sha256sum <"$1"; }
# exits CODE CMD ...: the command must exit with CODE.
exits() {
	local code=$1 got=0
	shift
	echo "+ $*" >&2
	"$@" >out 2>err || got=$?
	[ $got -eq "$code" ] || fail "exit $got, not $code: $*: $(cat out err)"
}
# Nothing is left beside the image.
clean_directory() {
	[ -z "$(find . -name '.anyfs*')" ] || fail "left: $(find . -name '.anyfs*')"
}

before=$(sum "$img")
run anyfs fsck "$img" | expect "/p1: vfat: no errors (fsck.vfat)
/p2: ext4: no errors (e2fsck)"
[ "$(sum "$img")" = "$before" ] || fail "a check has changed the image"
clean_directory

echo "Errors: a directory entry of an inode that is not in use, and FATs that differ."
dd if="$img" of=part2 bs=1M skip=17 count=32 status=none
debugfs -w -R "clri file" part2 2>debugfs.log
dd if=part2 of="$img" bs=1M seek=17 conv=notrunc status=none
fat2=$((1048576 + 512 * ($(od -An -tu2 -j $((1048576 + 14)) -N 2 "$img") + \
	$(od -An -tu2 -j $((1048576 + 22)) -N 2 "$img")) + 20))
printf '\x11\x22\x33\x44' | dd of="$img" bs=1 seek=$fat2 conv=notrunc status=none
before=$(sum "$img")
exits 1 anyfs fsck "$img"
matches "^/p1: vfat: errors found" <out || fail "vfat: $(cat out)"
matches "^/p2: ext4: errors found" <out || fail "ext4: $(cat out)"
matches "Entry 'file'" <out || fail "no output of e2fsck: $(cat out)"
! matches anyfs-volume <out || fail "names the temporary file: $(cat out)"
[ "$(sum "$img")" = "$before" ] || fail "a check has changed the image"

qemu-img convert -O qcow2 -c "$img" disk.qcow2
exits 1 anyfs fsck disk.qcow2 /p2
exits 0 anyfs fsck --repair disk.qcow2 /p2
matches "^/p2: ext4: errors were repaired" <out || fail "not repaired: $(cat out)"
exits 0 anyfs fsck disk.qcow2 /p2
exits 1 anyfs fsck disk.qcow2
run anyfs cat disk.qcow2 /p2/large | cmp - tree/large || fail "another file was damaged"

exits 0 anyfs fsck --repair --json "$img"
python3 -c 'import json, sys
print(*(o["result"] for o in json.load(open("out"))))' | expect "repaired repaired"
dd if="$img" of=part2 bs=1M skip=17 count=32 status=none
run e2fsck -fn part2 >e2fsck.log 2>&1
dd if="$img" of=part1 bs=1M skip=1 count=16 status=none
run fsck.vfat -n part1 >vfat.log
clean_directory

echo "An encrypted volume:"
debugfs -w -R "clri large" part2 2>debugfs.log
echo -n secret >key
luks_image part2 luks.img
exits 1 anyfs fsck --key file:key luks.img
exits 0 anyfs fsck --repair --key file:key luks.img /
exits 0 anyfs fsck --key file:key luks.img
exits 4 anyfs fsck --no-prompt luks.img /

echo "A journal that was not replayed is no error, and --repair replays it:"
image_ext4 tree journal.img
block=$(debugfs -R "blocks file" "$img" 2>/dev/null | tr -dc 0-9)
bytes=$(dumpe2fs -h "$img" 2>/dev/null | sed -n 's/^Block size: *//p')
printf 'HELLO\n' >new
truncate -s "$bytes" new
printf 'jo\njw -b %s new\njc\n' "$block" | debugfs -w "$img" >debugfs.log 2>&1
dirty() { dumpe2fs -h "$img" 2>/dev/null | matches needs_recovery; }
dirty || fail "the journal is empty"
before=$(sum "$img")
exits 0 anyfs fsck "$img"
[ "$(sum "$img")" = "$before" ] || fail "a check has changed the image"
exits 0 anyfs fsck --repair "$img"
! dirty || fail "the journal was not replayed"
run anyfs cat "$img" /file | expect HELLO

echo "The log of XFS is replayed by the kernel, before a repair:"
if which mkfs.xfs; then
	run anyfs mkfs --size 300M xfs.img xfs
	left_dirty xfs.img
	chmod 644 xfs.img
	code=0
	anyfs fsck xfs.img >out 2>err || code=$?
	same xfs.img xfs.img.before
	[ $code -eq 0 ] || matches "the log was not replayed" <err || fail "no note: $(cat err)"
	exits 0 anyfs fsck --repair xfs.img
	run xfs_repair -n -f xfs.img >xfs.log 2>&1
	run anyfs cat xfs.img /sub/kept | cmp - <(seq 1 5000) || fail "the log is lost"
	rm xfs.img*
fi

echo "Failures:"
mkdir bin
PATH=$ANYFS_BUILD/bin:$PWD/bin
printf '#!/bin/sh\necho sorry\nexit 8\n' >bin/fsck.vfat
/bin/chmod +x bin/fsck.vfat
exits 2 anyfs fsck disk.img /p1
PATH=$ANYFS_BUILD/bin:/usr/bin:/bin:/usr/sbin
expect "anyfs: disk.img: /p1: not checked: fsck.vfat failed with exit code 8: sorry" <err
run anyfs mkfs --size 1M swap.img swap
exits 2 anyfs fsck swap.img /
matches "swap has no program that checks it" <err || fail "swap: $(cat err)"
exits 2 anyfs fsck missing.img
exits 2 anyfs fsck disk.img /p7
exits 2 anyfs fsck disk.img /p2/file
clean_directory
