#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If no inode or block is free, each verb that needs one reports that as text and as
# JSON.  Other verbs work, and fsck finds no error. (tests/write/test-full.sh fills a
# file system during a copy.)
. "${0%/*}/lib-refused.sh"
requires mkfs.ext4 -V
requires sgdisk --version
mkdir -p tree/d
echo hello >tree/hello
tar -cf hello.tar -C tree hello
refused() { refused_with ENOSPC "$@"; }

# All inodes are in use.
scratch_image 40M
sgdisk -o -n 1:2048:+16M -n 2:0:+16M "$img" >/dev/null
run anyfs mkfs "$img/p1" ext4 -- -N 32
run anyfs mkfs "$img/p2" ext4
run anyfs put "$img" tree/. /p1
run anyfs put "$img" tree/. /p2
anyfs touch "$img" /p1/{1..40} 2>err && fail "40 files with 32 inodes"
grep -q '^anyfs: .*: /p1/[0-9]*: not done, stopping here: No space left' err &&
	grep -q '^anyfs: .*: /p1/40: ' err || fail "$(cat err)"
refused touch "$img" /p1/new
refused truncate -s 1 "$img" /p1/new
refused mkdir "$img" /p1/new
refused mkdir -p "$img" /p1/new/er
refused ln -s "$img" text /p1/new
refused put "$img" tree/hello /p1/new
refused put "$img" - /p1/new
refused tar-in "$img" /p1/d
refused mv "$img" /p2/hello /p1/new
run anyfs cat "$img" /p2/hello | expect hello
run anyfs ln "$img" /p1/hello /p1/second
run anyfs mv "$img" /p1/second /p1/third
run anyfs setfattr -n user.a -v b "$img" /p1/hello
dd if="$img" of=part.img bs=1M skip=1 count=16 conv=sparse status=none
run e2fsck -fn part.img

# All blocks are in use.
rm "$img"
scratch_image 16M
mkfs.ext4 -q -m 0 -d tree "$img"
head -c 20M /dev/urandom >ballast
anyfs put "$img" ballast / 2>err && fail "20 MiB in 16"
# The failures left nothing behind.  Now fill the file system to its last block.
for size in 4M 1M 100K 10K 1K; do
	head -c $size ballast >piece
	for i in $(seq 12); do anyfs put "$img" piece "/$size-$i" 2>err || break; done
done
refused put "$img" piece /new
refused mkdir "$img" /new
refused ln -s "$img" "$(printf 'long/%.0s' $(seq 100))" /new
refused setfattr -n user.a -v "$(printf 'v%.0s' $(seq 900))" "$img" /hello
run anyfs touch "$img" /new
run anyfs chmod "$img" 600 /hello
run anyfs rm "$img" /1K-1
run anyfs mkdir "$img" /made
run e2fsck -fn "$img"
