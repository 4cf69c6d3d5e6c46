#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timeout: 1800
# Every file of the demo's disk is the same in copies of the disk in other formats.
. "${0%/*}/lib-debian.sh"
requires qemu-img --version
requires xz --version

# same_disk IMAGE: compare the files, and remove the image.
same_disk() {
	run anyfs hash "$1" /p2 >seen
	diff -u "$disk/hashes" seen >differences || fail "$1: $(sed -n '3,12p' differences)"
	rm "$1"
}
while read -r name format options; do
	# shellcheck disable=SC2086  # several options
	run qemu-img convert -f raw -O "$format" $options "$disk/disk.img" "$name"
	same_disk "$name"
done <<'END'
plain.qcow2 qcow2
small.qcow2 qcow2 -o cluster_size=4k
zlib.qcow2 qcow2 -c
zstd.qcow2 qcow2 -c -o compression_type=zstd
sub.qcow2 qcow2 -o extended_l2=on,cluster_size=128k
sparse.vmdk vmdk
stream.vmdk vmdk -o subformat=streamOptimized
dynamic.vdi vdi
fixed.vdi vdi -o static=on
dynamic.vhd vpc
dynamic.vhdx vhdx
END
gzip -1 -c "$disk/disk.img" >disk.gz
same_disk disk.gz
zstd -q -c "$disk/disk.img" >disk.zst
same_disk disk.zst
