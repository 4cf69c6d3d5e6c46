#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# gdb stops in a function of the 32-bit kernel's ext4, shows a member of a structure, and the
# calls from main() to there.
. "${0%/*}/../lib.sh"
export ANYFS_KERNEL=$ANYFS_BUILD/m32/kernel.so
[ -f "$ANYFS_KERNEL" ] || fail "$ANYFS_KERNEL does not exist: run make m32"
mkdir tree
image_ext4 tree
gdb -batch -nx -x "$ANYFS_TOP/tests/m32/kernel.gdb" \
	-ex 'break ext4_fill_super' -ex run -ex 'print sb->s_id' -ex backtrace -ex kill \
	--args "$ANYFS_BUILD/m32/meson/tests/m32/fs" dirty "$img" >gdb.out 2>&1 ||
	fail "gdb: $(cat gdb.out)"
for text in 'ext4_fill_super (sb=' '"vda"' 'get_tree_bdev' 'host_call ()' 'anyfs_mount (' ' main ('; do
	matches -F "$text" <gdb.out || fail "no \"$text\" in: $(cat gdb.out)"
done
