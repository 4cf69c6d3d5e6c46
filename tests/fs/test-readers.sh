#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# qnx4, qnx6 and efs, which the kernel only reads; images packed by programs
# of our own.
# shellcheck disable=SC2016 # commands in quotes
. "${0%/*}/lib-fs.sh"
host_tree write folders times symlinks hardlinks xattr ACL '>255' unicode
for type in qnx4 qnx6 efs; do
	packer=$(realpath "${0%/*}")/pack-$type.py
	export packer
	packed_image $type '"$packer" "$1" "$2"'
done
verdict
