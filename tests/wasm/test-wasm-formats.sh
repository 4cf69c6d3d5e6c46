#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel reads disks in qcow2, VMDK, VDI, VHD and VHDX images, from files and Blobs,
# also compressed ones; a damaged image is an error that names the reason.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires qemu-img --version

make_unix_tree tree
image_ext4 tree ext4.img

convert() {
	local format=$1 name=$2
	shift 2
	run qemu-img convert -O "$format" "$@" "$img" "$name"
}
convert qcow2 plain.qcow2
convert qcow2 deflate.qcow2 -c
convert qcow2 zstd.qcow2 -c -o compression_type=zstd
convert vmdk sparse.vmdk
convert vmdk stream.vmdk -o subformat=streamOptimized
convert vdi disk.vdi
convert vpc dynamic.vhd
convert vhdx disk.vhdx

for image in *.qcow2 *.vmdk *.vdi *.vhd *.vhdx; do
	before=$(sha256sum <"$image")
	wasm compare.mjs "$image" / tree
	wasm blob.mjs "$image" / tree
	[ "$(sha256sum <"$image")" = "$before" ] || fail "$image has changed"
done

run qemu-img create -q -f qcow2 -F qcow2 -b plain.qcow2 child.qcow2
head -c 100000 plain.qcow2 >cut.qcow2
printf '\377\377\377\377' | dd of=cut.qcow2 bs=1 seek=20 conv=notrunc status=none
wasm format-errors.mjs child.qcow2 cut.qcow2 plain.qcow2
