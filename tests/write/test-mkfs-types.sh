#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs mkfs makes every known type whose program is installed, in an image and in a
# partition.  The result is detected correctly and can be written.
. "${0%/*}/../lib.sh"
requires sgdisk --version

anyfs mkfs --size 1M none.img nofs 2>known || true
read -ra types <<<"$(sed -n 's/.*known types: //p' known | tr -d ,)"
[ ${#types[@]} -ge 20 ] || fail "too few types: $(cat known)"

# Names of types in anyfs parts, where they differ from the name of the program.
declare -A names=([msdos]=vfat [fat32]=vfat)
# Types that another type's program makes.
declare -A programs=([fat32]=mkfs.vfat)
made=0
# mkfs.btrfs fails while another test has a loop device mounted.
make_it() {
	if [ "$type" = btrfs ]; then
		wait_for anyfs mkfs "$@" btrfs
	else
		run anyfs mkfs "$@" "$type"
	fi
}
for type in "${types[@]}"; do
	[ "$type" != swap ] || continue		# no file system: tools/test-info has it
	program=${programs[$type]-mkfs.$type}
	if ! which "$program" >/dev/null; then
		echo "$type: no $program here"
		refuse "$program: not found|Debian package" anyfs mkfs --size 320M missing.img "$type"
		continue
	fi
	size=320
	[ "$type" != minix ] || size=60
	[ "$type" != bfs ] || size=4
	rm -f disk.img
	img=$PWD/disk.img
	make_it --size ${size}M "$img"
	run anyfs parts --json "$img" >parts.json
	grep -q "\"${names[$type]-$type}\"" parts.json || fail "$type: $(cat parts.json)"
	echo "$type" | run anyfs put "$img" - /name
	run anyfs cat "$img" /name | expect "$type"

	# In a partition between two others.
	rm "$img"
	scratch_image $((size + 20))M
	sgdisk -o -n 1:2048:+8M -n 2:0:+${size}M -n 3:0:0 "$img" >/dev/null
	run anyfs mkfs "$img/p1" vfat
	echo first | run anyfs put "$img" - /p1/name
	run anyfs mkfs "$img/p3" ext2
	make_it "$img/p2"
	echo "$type" | run anyfs put "$img" - /p2/name
	run anyfs cat "$img" /p1/name /p2/name | expect "first"$'\n'"$type"
	run anyfs ls "$img" /p3 | expect lost+found
	made=$((made + 1))
done
[ $made -ge 12 ] || fail "only $made of ${#types[@]} types were tried"
