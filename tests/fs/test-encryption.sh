#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Directories that ext4 and f2fs encrypt are read with the key and refused without it,
# for each pair of ciphers.  The plain text is not in the image.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.f2fs

# encrypted NAME [OPTION]: the image that fs/crypt fills contains neither the marker nor the names.
encrypted() {
	program fs/crypt "$img" "${@:2}"
	! grep -aqF 'a marker to be found' "$img" || fail "$1: contents are in the image"
	! grep -aqF 'secret' "$img" || fail "$1: a name is in the image"
}
scratch_image 64M
mkfs.ext4 -q -O encrypt "$img"
encrypted ext4
run e2fsck -fn "$img"
rm "$img"
scratch_image 100M
mkfs.f2fs -q -O encrypt "$img" >mkfs.log
encrypted f2fs
fsck.f2fs --dry-run "$img" >fsck.log
! grep '\[ASSERT\]\|\[FIX\]\|Fail' fsck.log || fail "fsck.f2fs"
# ext4 also with inlinecrypt, which uses the ciphers of the block layer.
rm "$img"
scratch_image 64M
mkfs.ext4 -q -O encrypt "$img"
encrypted "ext4 (inlinecrypt)" inlinecrypt
