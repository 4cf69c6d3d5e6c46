#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel finds the partition of each type of table that Debian's tools write, at
# the offset that the tool has chosen.
. "${0%/*}/../lib.sh"
requires sfdisk --version
requires parted --version
MIB=1048576

# Check that a partition of 8 MiB is at 4 MiB.  The last argument is a number of 512-byte
# sectors that may be missing, because some tables count the last sector differently.
found_in() {
	local type=$1 less=${2:-0} start size
	run anyfs parts --json "$img" >parts.json
	while read -r start size; do
		if [ "$start" -eq $((4 * MIB)) ] && [ "$size" -eq $((8 * MIB - less * 512)) ]; then
			return 0
		fi
	done < <(sed -n 's/.*"start": \([0-9]*\), "size": \([0-9]*\).*/\1 \2/p' parts.json)
	fail "$type: not found: $(cat parts.json)"
}

for type in dos gpt sgi; do
	rm -f disk.img
	scratch_image 64M
	run sfdisk -q "$img" <<-END
		label: $type
		start=8192, size=16384
	END
	less=0
	[ $type != sgi ] || less=1
	found_in "$type" $less
done

with_parted() {
	local type=$1
	shift
	rm -f disk.img
	scratch_image 64M
	run parted -s "$img" mklabel "$type" "$@" 4MiB 12MiB 2>parted.err
	found_in "$type"
}
with_parted bsd mkpart ext2
with_parted sun mkpart ext2
with_parted mac mkpart name
with_parted amiga mkpart name
with_parted atari mkpart primary ext2
with_parted dvh mkpart primary ext2

# A table in a partition of another table: Minix's subpartitions.
rm disk.img
scratch_image 64M
run sfdisk -q "$img" <<-END
	label: dos
	start=2048, size=65536, type=81
END
scratch_image 32M inner.img
run sfdisk -q "$img" <<-END
	label: dos
	start=8192, size=16384, type=81
END
dd if=inner.img of=disk.img bs=512 count=1 seek=2048 conv=notrunc status=none
img=$PWD/disk.img
found_in minix

# A GPT with a damaged first copy is reported, and the advice in the message repairs it.
requires sgdisk --version
rm disk.img
scratch_image 64M
run sgdisk -n 1:8192:+8M "$img" >sgdisk.log
dd if=/dev/urandom of="$img" bs=512 seek=1 count=1 conv=notrunc status=none
run anyfs parts "$img" >listed 2>note
grep -q "^/p1 " listed || fail "the copy of the GPT is not used: $(cat listed)"
grep -q "the partition table is damaged: the partitions are from the other copy of the GPT" note ||
	fail "the damage is not reported: $(cat note)"
run sgdisk -e "$img" >sgdisk.log
found_in gpt
