#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to btrfs and read back, with and without compression.
. "${0%/*}/lib-fs.sh"
requires mkfs.btrfs --version
check() { btrfs check "$1"; }
scratch_image 128M
make_btrfs "$img"
writable btrfs "$img" check
for packer in zlib lzo zstd; do
	scratch_image 128M
	make_btrfs --csum sha256 "$img"
	writable "btrfs ($packer)" "$img" check - "compress-force=$packer"
done
verdict
