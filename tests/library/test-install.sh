#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# make install makes a directory tree that works at any place.
. "${0%/*}/../lib.sh"
mkdir -p tree
echo installed >tree/file
image_ext4 tree
run "$ANYFS_TOP/tools-dev/install-tree" "$PWD/root/usr"
unset ANYFS_KERNEL
run "$PWD/root/usr/bin/anyfs" cat "$img" /file | expect installed
for f in lib/libanyfs.so lib/anyfs/kernel.so include/anyfs.h include/lkl.h \
	lib/pkgconfig/anyfs.pc bin/anyfs-lspart; do
	[ -e "root/usr/$f" ] || fail "$f is not installed"
done
! grep -q rpath root/usr/lib/pkgconfig/anyfs.pc || fail "anyfs.pc carries a run path"
mv root/usr moved
run moved/bin/anyfs cat "$img" /file | expect installed
