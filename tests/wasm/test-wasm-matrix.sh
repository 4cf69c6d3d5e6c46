#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The wasm kernel writes to an image of each kind of file system, which mkfs has made.  fsck, the
# native kernel and the wasm kernel itself find the same files.  Packed images are read.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

# written TYPE TREE SIZE FSCK MKFS...: FSCK is a command, or "-" if there is none.
written() {
	local type=$1 tree=$2 size=$3 fsck=$4
	shift 4
	rm -f disk.img
	scratch_image "$size"
	run "$@" "$img" >mkfs.out 2>&1
	wasm fill.mjs "$img" "$tree" "$type"
	# shellcheck disable=SC2086 # a command with options
	[ "$fsck" = - ] || run $fsck "$img" >fsck.out 2>&1
	wasm compare.mjs "$img" / "$tree"
	anyfs cat "$img" /deep/big >big
	same big "$tree/deep/big"
}

# packed COMMAND...: COMMAND packs tree into packed.img, which the wasm kernel reads.
packed() {
	run "$@" >pack.out 2>&1
	wasm compare.mjs packed.img / tree
	rm packed.img
}

make_unix_tree tree
make_tree plain
written xfs tree 300M 'xfs_repair -n' mkfs.xfs -q
written btrfs tree 128M 'btrfs check' make_btrfs
written f2fs tree 64M 'fsck.f2fs' mkfs.f2fs -q
written jfs tree 64M 'fsck.jfs -n' mkfs.jfs -q
written ocfs2 tree 256M 'fsck.ocfs2 -fn' mkfs.ocfs2 -q -F -M local -N 1
written gfs2 tree 128M 'fsck.gfs2 -n' mkfs.gfs2 -q -O -p lock_nolock -j 1 -J 8
written nilfs2 tree 160M - mkfs.nilfs2 -q
written udf tree 64M - mkudffs
written reiserfs tree 64M - mkfs.reiserfs -q -f
written exfat plain 64M 'fsck.exfat -n' mkfs.exfat
written ntfs3 plain 64M 'ntfsfix -n' mkntfs -q -F
written minix plain 32M 'fsck.minix -f' mkfs.minix -3

packed mksquashfs tree packed.img -quiet -noappend -comp zstd
packed mksquashfs tree packed.img -quiet -noappend -comp xz
packed mkfs.erofs -zlz4hc packed.img tree
packed xorriso -as mkisofs -quiet -R -o packed.img tree
