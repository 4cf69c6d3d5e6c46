#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Verbs that walk a tree can be interrupted at any moment: they report it, fsck finds
# no error, and files that they had not reached are unchanged.
. "${0%/*}/lib-write.sh"
requires sgdisk --version
mkdir -p tree
for dir in $(seq 30); do
	mkdir "tree/$dir"
	for i in $(seq 40); do echo "$dir $i" >"tree/$dir/$i"; done
done

mkfs.ext4 -q -d tree host.img 16M
run anyfs hash host.img / >all

# DELAY CMD...: CMD, interrupted after DELAY, finishes or stops with a report.
stop_after() {
	local delay=$1 code=0
	shift
	timeout --preserve-status -s INT "$delay" "$@" 2>err || code=$?
	case $code in
	0) ;;
	130) # No report: the signal killed CMD before it handled signals or changed anything.
		[ ! -s err ] || grep -q '^anyfs: stopped by SIGINT' err || fail "$*: $(cat err)"
		stopped=$((stopped + 1)) ;;
	*) fail "exit $code after $delay s: $*: $(cat err)" ;;
	esac
}

# Each remaining file is complete; "there" lists the files.
whole_or_gone() {
	run anyfs hash "$img" "$1" >there
	[ -z "$(comm -13 all there)" ] || fail "$1: $(comm -13 all there)"
}
find_tree() { anyfs ls "$img" "$1" | matches -x tree; }

for fs in ext4 xfs btrfs f2fs vfat; do
	echo "== $fs"
	stopped=0
	make_fs "$fs"
	run anyfs put "$img" tree /
	mv "$img" filled.img
	for delay in 0.008 0.015 0.03 0.05 0.08 0.12; do
		cp filled.img "$img"
		if has "$fs" modes owners; then
			stop_after $delay anyfs chmod -R "$img" 700 /tree
			stop_after $delay anyfs chown -R "$img" 1:2 /tree
		fi
		check_fs "$fs"
		whole_or_gone /tree
		stop_after $delay anyfs rm -r "$img" /tree
		check_fs "$fs"
		if find_tree /; then whole_or_gone /tree; fi
	done
	echo "stopped in the middle: $stopped"
done

# mv from one partition to the other: each file is in at least one of them.
rm -f disk.img
scratch_image 90M
sgdisk -o -n 1:2048:+40M -n 2:0:+40M "$img" >/dev/null
run anyfs mkfs --force "$img/p1" ext4
run anyfs mkfs --force "$img/p2" ext4
run anyfs put "$img" tree /p1
mv "$img" filled.img
for delay in 0.02 0.04 0.07 0.1 0.15; do
	cp filled.img "$img"
	stop_after $delay anyfs mv "$img" /p1/tree /p2
	for part in p1 p2; do
		if find_tree "/$part"; then whole_or_gone "/$part/tree"; cat there; fi
	done | sort -u >both
	same all both
	for start in 1 41; do
		dd if="$img" of=part.img bs=1M skip=$start count=40 conv=sparse status=none
		check_fs ext4 part.img
	done
done

# mkfs: the image has the old or the new file system.
for delay in 0.005 0.01 0.02 0.04 0.08; do
	make_fs ext4
	echo old | run anyfs put "$img" - /old
	code=0
	timeout --preserve-status -s INT $delay anyfs mkfs --force "$img" vfat 2>err || code=$?
	case $code in
	0) [ -z "$(anyfs ls "$img" /)" ] || fail "exit 0, but not the new file system" ;;
	*) anyfs cat "$img" /old | expect old ;;
	esac
	left=$(find . -name '.anyfs*')
	[ -z "$left" ] || fail "exit $code after $delay s, left: $left"
done
