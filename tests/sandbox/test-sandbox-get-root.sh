#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: the test needs the privileges of root
# anyfs get of root may create devices and change owners below its destination.  It
# can open no device and has no other privilege of root.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
mkdir tree work
echo hello >tree/file
mknod tree/null c 1 3
chown 1234:5678 tree/file
ln -s file tree/link
chown -h 1234:5678 tree/link
setfattr -h -n trusted.test -v value tree/link || skip "no trusted attributes on this file system"
image_ext4 tree
needs_sandbox "$img"
cd work
prepare() {
	clear_scene
	mkdir dest
}
get=(anyfs get "$img" / dest)

export ATTACK_TARGET=$PWD/neighbour
for name in open_read open_write do_chmod do_setxattr do_unlink do_rename make_device; do
	works "$name" "${get[@]}"
	stopped "$name" "${get[@]}"
	[ "$(stat -c "%a %g" neighbour)" = "644 0" ] || fail "$name changed the file outside"
	[ "$(cat neighbour)" = secret ] || fail "$name changed the file outside"
done
for name in do_mount do_chroot do_bpf; do
	stopped "$name" "${get[@]}"
done

prepare
run anyfs get -v "$img" / dest 2>err
grep -q "capabilities dropped; chroot into the destination" err || fail "$(cat err)"
[ "$(stat -c "%u %g" dest/file)" = "1234 5678" ] || fail "the owner is lost"
[ "$(stat -c "%u %g" dest/link)" = "1234 5678" ] || fail "the link's owner is lost"
[ "$(stat -c "%F %t %T" dest/null)" = "character special file 1 3" ] || fail "the device is lost"
getfattr -h -n trusted.test --only-values dest/link | expect value
