#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# On a full xfs, btrfs, f2fs, vfat and ntfs each verb that needs room reports the full file
# system as text and as JSON; a verb with several paths stops at the first failure.  Other verbs
# work, fsck finds no error, and removed files make room.  (test-no-room.sh has ext4.)
. "${0%/*}/lib-refused.sh"
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ntfs --version
long=$(printf 'n%.0s' $(seq 180))
mkdir -p tree/d
echo hello >tree/hello
head -c 5M /dev/urandom >tree/d/big
tar -cf hello.tar -C tree d		# standard input of each verb
head -c 64M /dev/urandom >ballast
refused() { refused_with ENOSPC "$@"; }

make_type() {
	[ "$fs" = ntfs ] || { make_fs "$fs"; return; }
	rm -f disk.img
	scratch_image 64M
	mkfs.ntfs -F -q -f "$img" >mkfs.log 2>&1
}

check_type() {
	[ "$fs" = ntfs ] || { check_fs "$fs"; return; }
	ntfsfix -n "$img" >fsck.log 2>&1 || fail "ntfsfix: $(cat fsck.log)"
}

# Create files until no data, directory or inode fits.
fill() {
	local size i

	for size in 64M 16M 4M 1M 100K 10K 1K; do
		head -c $size ballast >piece
		for i in $(seq 20); do
			anyfs put "$img" piece "/$size-$i" 2>err && continue
			grep -q 'not copied, stopping here: No space left' err || fail "$fs: $(cat err)"
			break
		done
	done
}

# many VERB: VERB with 400 new paths must stop at the first that fails, and report the others.
many() {
	local code=0 failed

	anyfs "$1" "$img" $(seq -f "/$1-%g-$long" 400) 2>err || code=$?
	failed=$(wc -l <err)
	# Room for metadata is reserved on btrfs.
	[ $code -eq 0 ] && [ "$fs" = btrfs ] && return
	[ $code -eq 1 ] && [ "$failed" -gt 0 ] || fail "$fs: $1: exit $code"
	head -n 1 err | grep -q ', stopping here: No space left on device$' ||
		fail "$fs: $1: $(head -n 1 err)"
	[ "$(grep -c ': Operation canceled$' err)" -eq $((failed - 1)) ] ||
		fail "$fs: $1 does not stop: $(tail -n 2 err)"
	anyfs ls "$img" / | grep -c "^$1-" >made || true
	[ "$(cat made)" -eq $((400 - failed)) ] || fail "$fs: $1 made $(cat made), $failed failed"
}

for fs in xfs btrfs f2fs vfat ntfs; do
	echo "== $fs"
	make_type
	run anyfs put "$img" tree/hello /
	fill
	cp --sparse=always "$img" full.img
	refused put "$img" tree/d/big /new-file
	refused put "$img" tree/d /new-tree
	refused put "$img" - /new-input
	refused tar-in "$img" /
	check_type
	for verb in mkdir touch; do
		many $verb
		check_type
		cp --sparse=always full.img "$img"
	done
	if anyfs setfattr -n user.a -v "$(printf 'v%.0s' $(seq 3500))" "$img" /hello 2>err; then
		[ $fs = xfs ] || [ $fs = btrfs ] || fail "$fs: an attribute is stored without room"
	else
		grep -qE 'No space left on device|Operation not supported' err || fail "$fs: $(cat err)"
	fi
	if ! anyfs ln -s "$img" "$(printf 'long/%.0s' $(seq 200))" /new-link 2>err; then
		grep -qE 'No space left|cannot hold a symbolic link' err || fail "$fs: $(cat err)"
	fi
	check_type
	cp --sparse=always full.img "$img"
	# Verbs that need no room.
	run anyfs cat "$img" /hello | expect hello
	run anyfs mv "$img" /hello /moved
	run anyfs sync "$img"
	run anyfs rm "$img" /moved '/1[0-9]*-*'
	run anyfs put "$img" tree/d /
	run anyfs cat "$img" /d/big | cmp - tree/d/big || fail "$fs: the file is not whole"
	check_type
done
