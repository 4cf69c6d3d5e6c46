#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Directories of ext4 and f2fs can ignore the case of names.  Of two names that differ
# only in case, the tools write only one.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires which mkfs.f2fs

mkdir src
echo first >src/Straße
echo second >src/STRASSE
folded() {
	program fs/casefold "$img"
	refuse "STRASSE|Straße|came first" anyfs put "$img" src/Straße src/STRASSE /folded
	run anyfs cat "$img" /folded/strasse | expect first
	"$@" "$img" >fsck.log 2>&1 || fail "$*: $(cat fsck.log)"
	rm "$img"
}
scratch_image 64M
mkfs.ext4 -q -O casefold "$img"
folded e2fsck -fn
scratch_image 100M
mkfs.f2fs -q -O casefold -C utf8 "$img" >mkfs.log
folded fsck.f2fs --dry-run
