#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# put, get, tar-out and tar-in keep holes on every file system that has them, with
# SEEK_HOLE if it works, else with the allocated blocks and zeros (ntfs, squashfs).
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ext4 -V
requires mksquashfs -version

mkdir tree
truncate -s 24M tree/sparse
printf 'a piece' | dd of=tree/sparse bs=1 seek=10000000 conv=notrunc status=none
printf 'at the end' | dd of=tree/sparse bs=1 seek=20000000 conv=notrunc status=none
truncate -s 24M tree/hole
{ head -c 100000 /dev/urandom; head -c 100000 /dev/zero; echo end; } >tree/full

blocks() { anyfs stat --json "$1" "$2" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["blocks"])'; }

# $1 in $img is equal to the tree, and get copies it with its holes.
look_out() {
	local dir=$1 file
	rm -rf out out.tar
	run anyfs get "$img" "$dir" out
	anyfs tar-out "$img" "$dir" >out.tar
	[ "$(stat -c %s out.tar)" -lt 1000000 ] || fail "$type: the archive has $(stat -c %s out.tar) bytes"
	mkdir out/tar
	tar -C out/tar -xf out.tar
	for file in sparse hole full; do
		same tree/$file out/$file
		same tree/$file out/tar/$file
	done
	[ "$(stat -c %b out/sparse)" -lt 1000 ] || fail "$type: sparse takes $(stat -c %b out/sparse) blocks outside"
	[ "$(stat -c %b out/hole)" -lt 100 ] || fail "$type: hole takes $(stat -c %b out/hole) blocks outside"
}

# Fill $img, which is empty.
try() {
	local dir
	run anyfs put "$img" tree /
	look_out /tree
	run anyfs mkdir "$img" /again
	run anyfs tar-in "$img" /again <out.tar
	look_out /again
	for dir in tree again; do
		[ "$(blocks "$img" /$dir/sparse)" -lt 1000 ] ||
			fail "$type: /$dir/sparse takes $(blocks "$img" /$dir/sparse) blocks"
		[ "$(blocks "$img" /$dir/hole)" -lt 100 ] ||
			fail "$type: /$dir/hole takes $(blocks "$img" /$dir/hole) blocks"
	done
}

while read -r type size make; do
	tool=${make%% *}
	if ! command -v "$tool" >/dev/null; then
		echo "no $tool: $type is left out"
		continue
	fi
	echo "$type"
	rm -f disk.img
	scratch_image "$size"
	# shellcheck disable=SC2086
	wait_for $make "$img"
	try
done <<'END'
ext4 32M mkfs.ext4 -q
xfs 300M mkfs.xfs -q
btrfs 128M mkfs.btrfs -q
f2fs 64M mkfs.f2fs -q
ntfs 32M mkfs.ntfs -F -q -f
jfs 32M mkfs.jfs -q
nilfs2 160M mkfs.nilfs2 -q
udf 32M mkfs.udf
reiserfs 64M mkfs.reiserfs -q
END

echo "a packed file system is read"
type=squashfs
img=$PWD/packed.img
mksquashfs tree "$img" -quiet -no-progress >/dev/null
look_out /
