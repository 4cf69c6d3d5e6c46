# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for tests that write: file systems are made and checked by their own tools.
#
#	make_fs TYPE [SIZE]	a new file system of that type, $img
#	check_fs TYPE [FILE]	the fsck of TYPE must find no error in FILE (default: $img)
#	has TYPE WHAT...	true if file systems of TYPE have the features: links, modes, owners ...
. "$ANYFS_TOP/tests/lib.sh"

export write_types="ext4 xfs btrfs f2fs vfat"

make_fs() {
	local type=$1 size=${2:-}
	rm -f disk.img
	case $type in
	ext4)	scratch_image "${size:-64M}"; mkfs.ext4 -q "$img" ;;
	xfs)	scratch_image "${size:-300M}"; mkfs.xfs -q "$img" ;;
	btrfs)	scratch_image "${size:-128M}"; make_btrfs "$img" ;;
	f2fs)	scratch_image "${size:-128M}"; mkfs.f2fs -q "$img" >mkfs.log ;;
	vfat)	scratch_image "${size:-64M}"; mkfs.vfat "$img" >mkfs.log ;;
	*)	fail "make_fs $type" ;;
	esac
}

check_fs() {
	local file=${2:-$img}
	case $1 in
	ext4)	e2fsck -fn "$file" >fsck.log 2>&1 ;;
	xfs)	xfs_repair -n "$file" >fsck.log 2>&1 ;;
	btrfs)	btrfs check --force --readonly "$file" >fsck.log 2>&1 ;;
	f2fs)	fsck.f2fs --dry-run "$file" >fsck.log 2>&1 && ! grep -q '\[Fail\]\|\[FIX\]\|\[ASSERT\]' fsck.log ;;
	vfat)	fsck.vfat -n "$file" >fsck.log 2>&1 ;;
	esac || fail "fsck of $1: $(cat fsck.log)"
}

has() {
	local type=$1 what
	shift
	for what; do
		case $type:$what in
		vfat:*) return 1 ;;
		esac
	done
}
