#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A bootable ISO is a file system as a whole (/p0) and also has partitions.  All of
# them can be used at the same time.
. "${0%/*}/../lib.sh"
requires xorriso -version

mkdir iso boot
echo data >iso/file
echo loader >boot/loader
image_vfat boot efi.img 4M

# hybrid NAME OPTIONS: an ISO with the FAT file system as a partition after its files.
hybrid() {
	local name=$1
	shift
	xorriso -as mkisofs -quiet -o "$name" -append_partition 2 0xef efi.img "$@" \
		-e --interval:appended_partition_2:all:: -no-emul-boot iso 2>log || fail "$(cat log)"
}
hybrid dos.iso -partition_offset 16
hybrid gpt.iso -appended_part_as_gpt
sha256sum dos.iso gpt.iso >sums

for image in dos.iso gpt.iso; do
	run anyfs ls -R $image >names
	for want in p0: file p2: LOADER; do
		grep -qi "$want" names || fail "$image: no $want in: $(cat names)"
	done
	run anyfs hash $image >hashes
	grep -qi "$(sha256sum <iso/file | cut -c 1-64)" hashes || fail "$image: no hash of /p0/file"
	grep -qi "$(sha256sum <boot/loader | cut -c 1-64)" hashes || fail "$image: no hash of /p2/loader"
	run anyfs cat $image /p2/loader /p0/file /p2/loader | expect $'loader\ndata\nloader'
done
run sha256sum -c --quiet sums

# A file is written to one file system while the other is in use.
echo new >new
run anyfs put dos.iso new /p2/
run anyfs ls -R dos.iso | matches -i new || fail "written files are not listed"
run anyfs cat dos.iso /p0/file | expect data
program image/hybrid dos.iso
