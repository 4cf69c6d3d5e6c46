#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# QEMU and anyfs can read an image at the same time, and each refuses an image that the other
# writes.
. "${0%/*}/lib-formats.sh"
requires qemu-io --version
mkdir tree
echo hello >tree/file
image_ext4 tree disk.img
cp disk.img before.img

# hold CMD ...: run CMD until release; its standard input is a pipe, and it answers "ls" or "read"
hold() {
	mkfifo commands
	"$@" <commands >answers 2>&1 &
	holder=$!
	exec 9>commands
	rm commands
}
release() { exec 9>&- && wait "$holder"; }
answered() { grep -q "$1" answers; }

hold anyfs shell disk.img
echo "cat /file" >&9
wait_for answered hello
run qemu-img convert -f raw -O qcow2 disk.img copy.qcow2
run qemu-img compare -f raw -F qcow2 disk.img copy.qcow2
! qemu-io -f raw -c "write 0 512" disk.img >err 2>&1 || fail "qemu-io writes beside a reader"
matches 'lock' <err
release

hold qemu-io -r -f raw disk.img
echo "read 0 512" >&9
wait_for answered 'read 512'
run anyfs cat disk.img /file | expect hello
refuse "disk.img|in use by another process" anyfs put disk.img tree/file /new
release

hold qemu-io -f raw disk.img
echo "read 0 512" >&9
wait_for answered 'read 512'
refuse "disk.img|open for writing in another process" anyfs cat disk.img /file
release

same disk.img before.img
run anyfs cat disk.img /file | expect hello
