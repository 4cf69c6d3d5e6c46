#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are read from erofs images: uncompressed, in chunks, and with the compressors
# and cluster sizes of erofs-utils.  A program of this project makes images with the
# compressors that the package lacks.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
requires which mkfs.erofs
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode sparse
packed_image erofs 'mkfs.erofs "$1" "$2"'
for options in "-zlz4" "-zlz4hc,12 -C1048576" "-zlz4hc -C65536 -Eztailpacking,fragments"; do
	export options
	packed_image "erofs (${options//-/})" 'mkfs.erofs $options "$1" "$2"'
done
packed_image "erofs (chunks)" 'mkfs.erofs --chunksize=65536 "$1" "$2"'
packer=$(realpath "${0%/*}")/pack-erofs.py
for options in lzma deflate zstd; do
	export packer options
	packed_image "erofs ($options)" '"$packer" "$options" "$1" "$2"'
done
verdict
