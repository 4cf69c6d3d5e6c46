#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to bcachefs and read back, with and without compression.  Debian 12
# has no tools for bcachefs: a program of this project makes the images.
. "${0%/*}/lib-fs.sh"
scratch_image 256M
run "${0%/*}/make-bcachefs.py" "$img"
writable bcachefs "$img" -
for packer in lz4 gzip zstd; do
	rm "$img"
	scratch_image 256M
	run "${0%/*}/make-bcachefs.py" "$img"
	writable "bcachefs ($packer)" "$img" - - "compression=$packer"
done
verdict
