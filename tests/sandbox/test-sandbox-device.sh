#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: it makes a loop device
# The sandbox allows a block device to be read and written like a file. libblkid makes
# more calls for a device than for a file, and they reveal nothing more.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
needs_loop
make_scene
mkdir out
dev=$(losetup -f --show "$img")
at_exit "losetup -d $dev"
run anyfs cat "$dev" /file | expect hello
run anyfs parts --json "$dev" | matches '"fstype": "ext4"'
run anyfs get "$dev" /file out
run anyfs put "$dev" out/file /copy
run anyfs rm "$dev" /file
run anyfs ls "$dev" / | expect "copy
lost+found"
run e2fsck -fn "$dev"
for name in open_read do_socket execute do_mount; do
	stopped "$name" anyfs cat "$dev" /copy
done
