#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A verb writes more files than the kernel's memory can hold the inodes of: the kernel writes the
# inodes back and continues.  xfs keeps inodes in memory until its log is written.
. "${0%/*}/lib-write.sh"
mkdir tree
for dir in $(seq 40); do
	mkdir tree/"$dir"
	(cd tree/"$dir" && for i in $(seq 500); do echo "$dir-$i" >"$i"; done)
done
expected=$(cd tree && find . -type f | sed 's|^\./||' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | cut -c1-64)

for fs in xfs ext4 btrfs f2fs; do
	for mb in 40 72; do
		echo "== $fs, $mb MiB"
		make_fs "$fs" 600M
		run anyfs put --mem "$mb" "$img" tree/. /
		check_fs "$fs"
		[ "$(anyfs hash "$img" | grep -v '^lost+found' | cut -f3)" = "$expected" ] ||
			fail "$fs, $mb MiB: other files came out"
	done
done
