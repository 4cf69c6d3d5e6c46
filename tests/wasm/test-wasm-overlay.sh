#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With an overlay a disk is changed without writing to its image.  The changed disk, or the
# changes alone as qcow2, can be exported, even if the image is in a format that can only be read.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"
requires qemu-img --version

make_unix_tree tree
image_ext4 tree ext4.img
run qemu-img convert -O qcow2 "$img" disk.qcow2
for image in "$img" disk.qcow2; do
	before=$(sha256sum <"$image")
	wasm overlay.mjs "$image" exported.img changes.qcow2
	[ "$(sha256sum <"$image")" = "$before" ] || fail "$image has changed"
	run e2fsck -fn exported.img
	anyfs cat exported.img /new | expect "kept in memory"
	anyfs cat exported.img /deep/moved | expect 'NAME="anyfs test"'
	refuse "later" anyfs cat exported.img /later
	run qemu-img check -q changes.qcow2
	[ "$(stat -c %s changes.qcow2)" -lt 2000000 ] || fail "the changes are as large as the disk"
	anyfs cat --allow-backing changes.qcow2 /new | expect "kept in memory"
	run qemu-img convert -O raw changes.qcow2 merged.img
	run e2fsck -fn merged.img
	anyfs cat merged.img /deep/moved | expect 'NAME="anyfs test"'
done
