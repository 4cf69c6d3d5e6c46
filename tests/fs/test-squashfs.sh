#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are read from squashfs with every compressor, with the largest blocks, and
# with the filter for machine code, for which the tree includes a program.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires which mksquashfs
host_tree "$@"
packed_image "squashfs (gzip)" 'mksquashfs "$2" "$1" -quiet -no-progress -noappend -comp gzip'
rm tree/f.huge
sed -i '/^>4GiB/d' before.tree
for packer in lz4 lzo xz zstd; do
	export packer
	packed_image "squashfs ($packer)" 'mksquashfs "$2" "$1" -quiet -no-progress -noappend -comp "$packer"'
done
cp /bin/bash tree/program
packed_image "squashfs (xz, x86, 1 MiB)" 'mksquashfs "$2" "$1" -quiet -no-progress -noappend -comp xz -Xbcj x86 -b 1M'
run anyfs cat packed.img /program >program
same program tree/program
verdict
