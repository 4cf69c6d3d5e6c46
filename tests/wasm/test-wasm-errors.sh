#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Errors of @anyfs/core have codes and name the path; paths cannot leave a file system; if one
# kernel ends, others continue.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
image_ext4 tree ext4.img
cp "$img" damaged.img
# Change the generation, byte 100 of the inode, but not the checksum.
place=$(debugfs -R 'imap /os-release' damaged.img 2>/dev/null |
	sed -n 's/.*at block \([0-9]*\), offset \(0x[0-9a-f]*\)/\1 \2/p')
block_size=$(dumpe2fs -h damaged.img 2>/dev/null | sed -n 's/^Block size: *//p')
printf 'x' | dd of=damaged.img bs=1 conv=notrunc status=none \
	seek=$((${place% *} * block_size + ${place#* } + 100))
wasm errors.mjs "$img" damaged.img
