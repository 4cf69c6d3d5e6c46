#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A user of the application edits /etc/hosts, renames a file and undoes a deletion: the saved
# image and the saved changes have exactly that, fsck accepts them, and the image itself did not
# change until the user has it written in place.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

make_tree fat-tree
make_unix_tree tree
mkdir tree/etc
echo '127.0.0.1 localhost' >tree/etc/hosts
image_gpt fat-tree tree
cp "$img" before.img

web app-edit.mjs "$img" changed.img patch.qcow2 in-place.img
same "$img" before.img
check() {
	run anyfs cat "$@" /p2/etc/hosts | expect "192.0.2.1 changed"
	run anyfs cat "$@" /p2/renamed | expect 'NAME="anyfs test"'
	refuse "os-release" anyfs cat "$@" /p2/os-release
	run anyfs cat "$@" /p2/zero | expect ""
}
check changed.img
check --allow-backing patch.qcow2
dd if=changed.img of=ext4.img bs=1M skip=17 count=32 status=none
run e2fsck -fn ext4.img
anyfs cat in-place.img /p2/etc/hosts | expect "192.0.2.2 in place"
dd if=in-place.img of=ext4.img bs=1M skip=17 count=32 status=none
run e2fsck -fn ext4.img
