#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Linux RAID arrays (MD) have the data that was written to them: every level and
# version of the metadata, members in any order, missing and stale members. make-md.py
# writes the members according to the format's documentation, and mdadm checks the superblocks.
. "${0%/*}/../lib.sh"
requires mdadm --version
mkdir tree
echo inside >tree/file
head -c 700000 /dev/urandom >tree/random
image_ext4 tree fs.img 5M

array() { run python3 "${BASH_SOURCE[0]%/*}/make-md.py" "$@"; }
# members A B C...: the options that open A with the others
members() {
	local first=$1 options=()
	shift
	for member; do options+=(--member "$member"); done
	echo "${options[@]}" "$first"
}
# reads WORDS...: the array of these options has the files
reads() {
	# shellcheck disable=SC2068
	run anyfs cat $@ /file /random >got
	cat tree/file tree/random | cmp - got || fail "$*: other bytes"
}

for level in linear 0 1 4 5 6 10; do
	names=(a b c)
	[ $level != 6 ] || names=(a b c d)
	array 1.2 $level fs.img "${names[@]}"
	run mdadm --examine a >examine
	grep -q 'Checksum : .* correct' examine || fail "level $level: $(cat examine)"
	sha256sum "${names[@]}" >sums
	reads "$(members "${names[@]}")"
	# In another order, opened through another member.
	reads "$(members b c a "${names[@]:3}")"
	case $level in
	linear|0) missing= ;;
	6) missing="a,b c,d" ;;
	1) missing="b,c" ;;
	*) missing="a b" ;;
	esac
	for gone in $missing; do
		left=()
		for name in "${names[@]}"; do
			[[ ,$gone, == *",$name,"* ]] || left+=("$name")
		done
		reads --degraded "$(members "${left[@]}")"
	done
	run sha256sum -c --quiet sums
done
refuse "lacks 1 of its 3 members|--member|--degraded" anyfs ls --member b a

for version in 0.90 1.0 1.1; do
	array $version 5 fs.img a b c
	run mdadm --examine a >examine
	grep -q 'Checksum : .* correct' examine || fail "$version: $(cat examine)"
	reads "$(members c b a)"
	reads --degraded "$(members c b)"
done

# A member that missed writes is not read, and is named.
array 1.2 1 fs.img new old:3
echo old >tree/file
image_ext4 tree stale.img 5M
array 1.2 1 stale.img x stale:3
mv stale old
echo inside >tree/file
refuse "old|written to without" anyfs ls --member old new
reads --degraded "$(members old new)"
reads --degraded "$(members new old)"

# Members in partitions of one disk: the array is listed at the first member, and the second
# refers to it.
array 1.0 1 fs.img a b
size=$(($(stat -c %s a) / 512))
truncate -s 20M disk.img
run sgdisk -a 8 -n 1:2048:$((2047 + size)) -n 2:20480:$((20479 + size)) disk.img >log
dd if=a of=disk.img bs=512 seek=2048 conv=notrunc status=none
dd if=b of=disk.img bs=512 seek=20480 conv=notrunc status=none
for part in p1 p2; do
	run anyfs cat disk.img /$part/file | expect inside
done
run anyfs parts disk.img >listed
grep -q '^/p1 .* ext4 ' listed || fail "not listed at its first member: $(cat listed)"
grep -q '^/p2 .* linux_raid_member ' listed || fail "listed twice: $(cat listed)"

# Writes reach all members, and mdadm accepts the superblocks.
for level in 1 5 6 10; do
	names=(a b c d)
	array 1.2 $level fs.img "${names[@]}"
	echo new >new
	# shellcheck disable=SC2046
	run anyfs put $(members "${names[@]}") new /new
	for name in "${names[@]}"; do
		run mdadm --examine "$name" >examine
		grep -q 'Checksum : .* correct' examine || fail "written: $(cat examine)"
		grep -Eq 'State : (clean|active)$' examine || fail "written: $(cat examine)"
	done
	for gone in a d; do
		left=()
		for name in "${names[@]}"; do [ "$name" = $gone ] || left+=("$name"); done
		# shellcheck disable=SC2046
		run anyfs cat --degraded $(members "${left[@]}") /new /file | expect $'new\ninside'
	done
done

# Damage is reported, and nothing is written.
array 1.2 5 fs.img a b c
printf x | dd of=a bs=1 seek=4200 conv=notrunc status=none
refuse "RAID|checksum" anyfs ls --member b --member c a
array 1.2 5 fs.img a b c
truncate -s 2M b
sha256sum a b c >sums
refuse "lacks 1 of its 3" anyfs ls --member c --member b a
refuse "this member of a RAID array is truncated" anyfs ls --member c --member a b
# A copy of a member is ignored.
array 1.2 5 fs.img a b c
cp b copy
reads "$(members a b copy c)"
