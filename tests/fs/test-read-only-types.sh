#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are read from qnx4, qnx6, efs, befs, vxfs and adfs, which the kernel cannot
# write.  Programs of this project make the images. adfs has no signature and is not
# detected.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
host_tree write directories times symlinks hardlinks xattr ACL '>255' unicode
for type in qnx4 qnx6 efs befs vxfs; do
	packer=$(realpath "${0%/*}")/pack-$type.py
	export packer
	packed_image $type '"$packer" "$1" "$2"'
done
packer=$(realpath "${0%/*}")/pack-adfs.py
packed_image adfs '"$packer" "$1" "$2"' adfs
verdict
