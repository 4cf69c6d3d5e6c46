#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to f2fs and read back, without compression and with each
# compressor.  The largest file stays uncompressed: fsck.f2fs 1.15 and the kernel
# count the blocks of clusters at high offsets differently.
. "${0%/*}/lib-fs.sh"
requires mkfs.f2fs -V
check() { fsck.f2fs --dry-run "$1" | tee fsck.log; ! grep -q '\[ASSERT\]\|\[FIX\]\|Fail' fsck.log; }
scratch_image 100M
run mkfs.f2fs -q "$img" >/dev/null
writable f2fs "$img" check
for packer in lzo lzo-rle lz4 zstd; do
	rm "$img"
	scratch_image 100M
	run mkfs.f2fs -q -O extra_attr,compression "$img" >/dev/null
	writable "f2fs ($packer)" "$img" check - \
		"compress_algorithm=$packer,compress_extension=*,nocompress_extension=huge,compress_chksum"
done
verdict
