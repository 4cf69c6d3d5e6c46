#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kill -9 of anyfs, or of the qemu-storage-daemon that writes for it, leaves a qcow2 whose only
# fault may be leaked clusters, and whose file system recovers with its journal.
. "${0%/*}/lib-formats.sh"
requires qemu-storage-daemon --version
mkdir tree
seq 1 20000 >tree/numbers
head -c 200000000 /dev/urandom >new
image_ext4 tree disk.img 320M

# Print the process ID of the image's daemon.
daemon() {
	local dir
	for dir in /proc/[0-9]*; do
		[ "$(cat "$dir/comm" 2>/dev/null)" = qemu-storage-da ] || continue
		! grep -qF "$PWD/disk.qcow2" "$dir/cmdline" || echo "${dir#/proc/}"
	done
}
# grows BYTES: true if the image is larger than that, or the writer has ended
grows() { [ "$(stat -c %s disk.qcow2)" -gt "$1" ] || ! [ -e "/proc/$writer" ]; }
is_free() { qemu-img check -q disk.qcow2 || [ $? -ge 2 ]; }

# interrupt VICTIM MIB: kill -9 VICTIM when MIB have been written; false if it had already ended
interrupt() {
	local size victim
	run qemu-img convert -O qcow2 disk.img disk.qcow2
	size=$(stat -c %s disk.qcow2)
	anyfs put "$PWD/disk.qcow2" new / 2>err &
	writer=$!
	wait_for grows $((size + ($2 << 20)))
	victim=$writer
	if [ "$1" = daemon ]; then
		kill -STOP "$writer" || return 1
		victim=$(daemon)
	fi
	kill -9 "$victim" || return 1
	[ "$1" = anyfs ] || kill -CONT "$writer"
}

# cut VICTIM MIB: interrupt VICTIM, and check the image
cut() {
	local code=0 try
	for try in {1..10}; do
		! interrupt "$@" || break
		wait "$writer" || true
		[ "$try" -lt 10 ] || fail "the writer always ends before it is killed"
	done
	wait "$writer" || code=$?
	[ $code -ne 0 ] || fail "the command reports success although its $1 was killed"
	[ "$1" = anyfs ] || [ -s err ] || fail "the end of the daemon is not reported"
	wait_for is_free
	code=0
	qemu-img check disk.qcow2 >check.log 2>&1 || code=$?
	[ $code -eq 0 ] || [ $code -eq 3 ] || fail "qemu-img check: exit $code: $(cat check.log)"
	run qemu-img check -q -r leaks disk.qcow2
	run anyfs cat disk.qcow2 /numbers | cmp - tree/numbers
	run qemu-img convert -O raw disk.qcow2 back.img
	e2fsck -fy back.img >fsck.log 2>&1 || [ $? -le 1 ] || fail "e2fsck: $(cat fsck.log)"
	run anyfs cat back.img /numbers | cmp - tree/numbers
}
cut anyfs 4
cut anyfs 20
cut daemon 4
cut daemon 20
