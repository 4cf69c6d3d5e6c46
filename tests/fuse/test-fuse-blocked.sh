#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Requests that wait do not block others.  The image is on a second mount, whose
# process is stopped: requests that need the image wait, others are answered.  If more
# requests wait than there are threads, all are answered when the image can be read
# again.  Waiting locks occupy no thread.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires flock --version
outer=$PWD/outer
mkdir -p files disk "$outer"
for i in $(seq 150); do head -c 200000 /dev/urandom >"files/$i"; done
image_ext4 files inner.img 64M && mv inner.img disk/
image_ext4 disk outer.img 128M
anyfs-fuse -f "$img" "$outer" &
server=$!
at_exit "kill -CONT $server; umount -l '$outer'; wait $server"
wait_for test -e "$outer/inner.img"
img=$outer/inner.img

# Start readers of uncached files.  Some may not wait, because the host may have read ahead.
pids=()
read_stuck() {
	local i stuck=0
	for i in $(seq "$1" "$2"); do
		cat "$mnt/$i" >"copy-$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait_for stuck_or_done "$i"
		[ ! -e "/proc/$i" ] || stuck=$((stuck + 1))
	done
	[ $((stuck * 4)) -gt $((3 * ($2 - $1))) ] || fail "only $stuck are stuck"
}
stuck_or_done() { [ ! -e "/proc/$1" ] || grep -qE 'folio|fuse|request_wait' "/proc/$1/wchan"; }
all_read() {
	local i
	for i in "${pids[@]}"; do wait "$i" || fail "a reader failed"; done
	pids=()
	for i in $(seq "$1" "$2"); do same "files/$i" "copy-$i"; done
}
answers() { timeout 300 stat -f "$mnt" >/dev/null; }

mount_image -o ro
[ "$(names "$mnt" | wc -l)" -eq 151 ] || fail "names: $(names "$mnt" | wc -l)"
kill -STOP $server
read_stuck 1 20
answers || fail "20 waiting readers block other requests"
kill -CONT $server
all_read 1 20
kill -STOP $server
read_stuck 21 120
kill -CONT $server
all_read 21 120
answers || fail "no thread serves requests after 100 readers had to wait"
umount_image

# With a single thread requests are slower, but there is no deadlock.
mount_image -o ro,threads=1
kill -STOP $server
read_stuck 131 150
kill -CONT $server
all_read 131 150
umount_image

# The host's kernel handles processes that wait for a lock.
image_of ext4 64M
mount_image --write
touch "$mnt/locked"
exec 7<>"$mnt/locked"
flock 7
waiting=()
for i in $(seq 100); do
	(exec 7>&- && flock "$mnt/locked" echo "$i" >>got) &
	waiting+=($!)
done
blocked() { [ "$(grep -c -- '-> FLOCK' /proc/locks)" -ge 100 ]; }
wait_for blocked
timeout 300 cp files/1 "$mnt/1" || fail "100 processes that wait for a lock block other requests"
flock -u 7
for i in "${waiting[@]}"; do wait "$i" || fail "no lock for one of them"; done
[ "$(wc -l <got)" -eq 100 ] || fail "$(wc -l <got) got the lock"
exec 7>&-
umount_image
fsck_image ext4
