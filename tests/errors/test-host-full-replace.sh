#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: it mounts small file systems
# If the host's disk is full, a file that put was to replace keeps its old content, verbs
# that read open the image, and fsck finds no error but an interrupted run.
. "${0%/*}/../lib.sh"
requires qemu-img --version
echo old >old
head -c 30000000 /dev/urandom >new
head -c 4000000 /dev/urandom >part
mkdir tree
for i in 1 2 3 4 5 6; do cp part "tree/$i"; done
tar -cf tree.tar -C tree .

mkdir small
mount -t tmpfs none small 2>mount.err || skip "mounting is not allowed here: $(cat mount.err)"
at_exit "umount -l '$PWD/small'"

# new_image FORMAT TYPE: on a small disk of the host
new_image() {
	# A program that ends may still hold the image of the former disk.
	umount -l small
	mount -t tmpfs -o size=14m none small
	run anyfs mkdisk --format "$1" small/disk.img --size 128M --part "a:$2:rest" >/dev/null
}

# full WHAT CMD: run CMD, which fails because the host's disk is full
full() {
	local what=$1 code=0
	shift
	"$@" >/dev/null 2>err || code=$?
	[ $code -eq 1 ] || fail "$what: exit $code: $(cat err)"
	grep -q "^anyfs: \(small/\|\)disk.img\(: /p1\|\): the host's disk is full (No space left on device), .* run 'anyfs fsck'" err || fail "$what: $(cat err)"
}

check() {
	local what=$1 code=0
	anyfs fsck --repair small/disk.img /p1 >out 2>err || code=$?
	[ $code -eq 0 ] || fail "$what: fsck: exit $code: $(cat out err)"
	run anyfs fsck small/disk.img /p1
}

# The host's disk gets room before fsck, which makes a copy of the volume.
for format in raw qcow2; do
	for fs in ext4 btrfs vfat; do
		what="$fs on $format"
		new_image $format $fs
		run anyfs put small/disk.img old /p1/conf
		full "$what" anyfs put small/disk.img new /p1/conf
		run anyfs cat small/disk.img /p1/conf | expect old
		mount -o remount,size=300m "$PWD/small"
		check "$what"
		run anyfs cat small/disk.img /p1/conf | expect old
		run anyfs put small/disk.img new /p1/conf
		run anyfs cat small/disk.img /p1/conf | same - new
	done
done

# An overlay file can be on the full disk as well.
new_image raw ext4
run anyfs put small/disk.img old /p1/conf
mv small/disk.img .
full overlay anyfs put --overlay small/changes disk.img new /p1/conf
run anyfs cat --overlay small/changes disk.img /p1/conf | expect old
mount -o remount,size=300m "$PWD/small"
run anyfs fsck --overlay small/changes disk.img /p1

# The same for the files of a tree and of an archive: each is the old one or the new one.
for verb in put tar-in; do
	for fs in ext4 btrfs vfat; do
		what="$verb, $fs"
		new_image qcow2 $fs
		for i in 1 2 3 4 5 6; do run anyfs put small/disk.img old "/p1/$i"; done
		if [ $verb = put ]; then
			full "$what" anyfs put small/disk.img tree/. /p1
		else
			full "$what" anyfs tar-in small/disk.img /p1 <tree.tar
		fi
		for i in 1 2 3 4 5 6; do
			run anyfs cat small/disk.img "/p1/$i" >got
			cmp -s got part || [ "$(cat got)" = old ] || fail "$what: wrong content of /$i"
		done
		mount -o remount,size=300m "$PWD/small"
		check "$what"
	done
done

# There is room for the data, but not for the tables of qcow2 that say where they are.
new_image qcow2 vfat
run anyfs put small/disk.img old /p1/conf
cp --sparse=always small/disk.img whole.qcow2
cp --sparse=always whole.qcow2 small/disk.img
run anyfs put small/disk.img part /p1/conf
need=$(du -k small/disk.img | cut -f1)
failed=0
for less in 32 64 96 128 160 192 224 256; do
	umount -l small
	mount -t tmpfs -o size=$((need - less))k none small
	cp --sparse=always whole.qcow2 small/disk.img
	code=0
	anyfs put small/disk.img part /p1/conf 2>err || code=$?
	run anyfs cat small/disk.img /p1/conf >got
	cmp -s got part || { [ "$(cat got)" = old ] && [ $code -eq 1 ]; } ||
		fail "$less KB less: exit $code and wrong content: $(cat err)"
	failed=$((failed + code))
done
[ $failed -gt 0 ] || fail "each put had room"
