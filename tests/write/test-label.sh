#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs label and uuid set what blkid then finds, in images and partitions, and the file systems
# stay without errors.
. "${0%/*}/../lib.sh"
requires mkfs.vfat --help
requires blkid -V

# value KEY FILE: LABEL or UUID, as blkid finds it.
value() { blkid -p -o value -s "$1" "$2" || [ $? -eq 2 ]; }
uuid=11111111-2222-4333-8444-555555555555
# check TYPE SIZE UUID [LABEL]: make an image, and set both.
check() {
	local type=$1 size=$2 label=${4-Name}
	rm -f "$type.img"
	run anyfs mkfs --size "$size" "$type.img" "$type" >mkfs.log
	run anyfs label "$type.img" / LAB
	run anyfs label "$type.img" / ""
	value LABEL "$type.img" | expect ""
	run anyfs label "$type.img" / "$label"
	value LABEL "$type.img" | expect "$label"
	run anyfs label "$type.img" / | expect "$label"
	[ -n "$3" ] || return 0
	run anyfs uuid "$type.img" / "$3"
	value UUID "$type.img" | expect "$3"
	run anyfs uuid "$type.img" / random >new
	run anyfs uuid "$type.img" / | expect "$(cat new)"
	[ "$(cat new)" != "$3" ] || fail "not a new UUID"
	run anyfs label "$type.img" / | expect "$label"
}
# has PROGRAM: whether it is installed; optional types are tried if it is.
has() { which "$1" >/dev/null || { echo "no $1 here"; false; }; }
check ext4 16M $uuid
check ext2 16M $uuid "two words"
check vfat 16M 1234-ABCD NAME
check swap 1M $uuid
if has mkfs.xfs; then check xfs 300M $uuid; fi
if has mkfs.btrfs; then check btrfs 120M $uuid; fi
if has mkfs.f2fs; then check f2fs 64M ""; fi
if has mkfs.exfat; then check exfat 16M 1234-ABCD; fi
if has mkfs.ntfs; then check ntfs 16M 1234567890ABCDEF; fi
if has mkfs.jfs; then check jfs 16M $uuid; fi
if has mkfs.udf; then check udf 16M 1234567890abcdef; fi
for img in *.img; do
	[ "$img" = swap.img ] || [ "$img" = udf.img ] || run anyfs fsck "$img"
done

echo "In a partition of a compressed image:"
requires qemu-img --version
run anyfs mkdisk --format qcow2 disk.qcow2 --size 40M --part a:vfat:16M --part b:ext4:rest
run anyfs label disk.qcow2 /p1 ESP
run anyfs label disk.qcow2 /p2 root
run anyfs uuid disk.qcow2 /p2 $uuid
run anyfs parts disk.qcow2 >listed
matches "vfat *ESP" <listed || fail "$(cat listed)"
matches "ext4 *root *$uuid" <listed || fail "$(cat listed)"
run anyfs fsck disk.qcow2

echo "Failures:"
sha256sum ext4.img >before
refuse "ext4.img: /: label not set: ext4 has labels of up to 16 bytes" \
	anyfs label ext4.img / 12345678901234567
refuse "vfat.img: /: UUID not set: a UUID of vfat has 8 digits" anyfs uuid vfat.img / $uuid
refuse 'xyz: give "random" or hexadecimal digits' anyfs uuid vfat.img / xyz
refuse "/: contains partitions" anyfs label disk.qcow2 / x
refuse "label not set: fatlabel failed with exit code" anyfs label vfat.img / 123456789012
run anyfs mkfs --size 2M minix.img minix >mkfs.log
refuse "there is no program that sets it on minix" anyfs label minix.img / x
refuse "there is no program that sets it on minix" anyfs uuid minix.img / random
run sha256sum -c --quiet before
[ -z "$(find . -name '.anyfs*')" ] || fail "left: $(find . -name '.anyfs*')"
