#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A limit on the file size simulates a disk whose writes fail beyond an offset.
# Errors that appear only when the kernel writes back make the verb fail, too.
. "${0%/*}/lib-write.sh"
requires sgdisk --version
head -c 24000000 /dev/urandom >large
mkdir tree
for i in $(seq 500); do head -c 40000 large >"tree/$i"; done
tar -cf tree.tar tree
head -c 300000 large >small

# The limit holds for the program's other files too, so the partition begins beyond their size.
start=200

partition() {
	rm -f disk.img
	scratch_image 560M
	sgdisk -n "1:${start}M:+320M" "$img" >/dev/null
	if [ "$1" = btrfs ]; then
		# mkfs.btrfs fails while another test has a loop device mounted.
		wait_for anyfs mkfs --force "$img/p1" "$1"
	else
		run anyfs mkfs "$img/p1" "$1" >/dev/null
	fi
	cp --sparse=always "$img" whole.img
}

# with_limit MB CMD: run CMD so that writes beyond the first MB of the partition fail
with_limit() {
	local limit=$((($1 + start) * 1024))
	shift
	(ulimit -f $limit; "$@")
}

broken() {
	local fs=$1 what=$2 code=0
	shift 2
	cp --sparse=always whole.img "$img"
	with_limit 12 "$@" >out 2>err || code=$?
	[ $code -eq 1 ] || fail "$fs: $what: exit $code: $(cat err)"
	grep -q '^anyfs: .*\(Input/output error\|Read-only file system\|writing the image failed\)' err || fail "$fs: $what: $(cat err)"
	if grep -q 'memory\|lklmnt' err; then fail "$fs: $what: $(cat err)"; fi
}

for fs in $write_types; do
	echo "== $fs"
	partition "$fs"
	# xfs has its log in the middle of the disk, so the mount fails already.
	broken "$fs" "one file" anyfs put "$img" large /p1
	broken "$fs" "standard input" anyfs put "$img" - /p1/x <large
	broken "$fs" "a tree" anyfs put --json "$img" tree /p1
	grep -q '"exit": 1}' out || fail "$fs: $(cat out)"
	broken "$fs" "an archive" anyfs tar-in "$img" /p1 <tree.tar
	# For each end of the disk: either all data are stored, or an error is reported.
	for mb in 0 5 30 80; do
		cp --sparse=always whole.img "$img"
		with_limit $mb anyfs put "$img" small /p1 2>err || continue
		anyfs cat "$img" /p1/small | cmp - small || fail "$fs, $mb MB: wrong content, exit 0"
		dd if="$img" of=part.img bs=1M skip=$start count=320 conv=sparse status=none
		check_fs "$fs" part.img
		rm part.img
	done
done

# A read-only image, and a missing image.
make_fs ext4
chmod 444 "$img"
if [ "$(id -u)" -ne 0 ]; then
	refuse "disk.img|denied" anyfs mkdir "$img" /x
	refuse "disk.img|denied" anyfs mkfs --force "$img" ext4
fi
run anyfs ls "$img"
refuse "missing.img" anyfs mkdir missing.img /x
# A file system type without write support.
requires mksquashfs -version
mksquashfs tree squash.img -quiet >/dev/null
refuse "Read-only file system" anyfs mkdir squash.img /x
