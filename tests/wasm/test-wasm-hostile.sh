#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Damaged images of all kinds give errors with codes, or end the kernel that reads them; other
# kernels of the process, or of the page, go on.
#
# timeout: 1800
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires qemu-img --version

mkdir -p tree/deep
echo 'NAME="anyfs test"' >tree/os-release
for i in $(seq 40); do echo "$i" >"tree/deep/file-$i"; done
head -c 300000 /dev/urandom >tree/big
printf 'right words' >key

image_ext4 tree ext4.img 16M
image_vfat tree vfat.img 16M
# filled TYPE SIZE MKFS...: an image that the wasm kernel fills
filled() {
	local type=$1 size=$2
	shift 2
	truncate -s "$size" "$type.img"
	run "$@" "$type.img" >mkfs.out 2>&1
	wasm fill.mjs "$type.img" tree "$type"
}
filled btrfs 110M make_btrfs
filled f2fs 64M mkfs.f2fs -q
filled ntfs3 16M mkntfs -q -F
filled jfs 24M mkfs.jfs -q
filled exfat 16M mkfs.exfat
run mksquashfs tree squashfs.img -quiet -noappend >/dev/null
run mkfs.erofs -zlz4hc erofs.img tree >/dev/null
run xorriso -as mkisofs -quiet -R -o iso.img tree
luks_image ext4.img luks.img
run python3 "$here/../image/make-lvm.py" linear ext4.img lvm.img
run qemu-img convert -O qcow2 -c ext4.img ext4.qcow2
run qemu-img convert -O vmdk ext4.img ext4.vmdk

seeds=({ext4,vfat,btrfs,f2fs,ntfs3,jfs,exfat}.img {squashfs,erofs,iso,luks,lvm}.img ext4.{qcow2,vmdk})
wasm hostile.mjs ext4.img "${ANYFS_HOSTILE_COPIES:-4}" "${seeds[@]}"
chromium hostile.mjs ext4.img "${ANYFS_HOSTILE_COPIES:-2}" "${seeds[@]}"
