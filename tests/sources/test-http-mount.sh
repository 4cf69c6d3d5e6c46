#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount of an image at an http: address survives an unavailable server: reads fail
# with an I/O error, and succeed when the server is back.  If the program that reads
# the image dies, the mount returns errors and can be unmounted.
# root: mounts
. "${0%/*}/lib-sources.sh"
. "${0%/*}/../fuse/lib-fuse.sh"
needs_fuse

mkdir tree
head -c 40000000 /dev/urandom >tree/large		# never read before the end
make_image
http_start
img=${http/:\/\//:\/\/me:secret@}/-/disk.img mount_image --net-timeout 5 --cache-size 8M
grep -q "${http#*://}/-/disk.img" /proc/self/mounts || fail "the mount table does not name the address"
if grep secret /proc/self/mounts; then fail "the mount table shows the password"; fi
run cat mnt/dir/few | expect $'7\n8\n9'
http_stop
if cat mnt/dir/random >out 2>err; then fail "read without a server"; fi
grep -q "Input/output error" err || fail "$(cat err)"
run ls mnt >/dev/null
http_again
wait_for cmp mnt/dir/random tree/dir/random

echo "the program that reads is killed"
# Other tests run such processes too, so look only for our child.
pid=
for p in $(pgrep -x anyfs-source-ht); do
	if tr '\0' '\n' <"/proc/$p/environ" | matches -x "HOME=$HOME"; then pid=$p; fi
done
[ "$pid" ] || fail "the process is missing"
kill -KILL "$pid"
if cat mnt/large >out 2>err; then fail "read without the program"; fi
grep -q "Input/output error" err || fail "$(cat err)"
umount_image

echo "the program that reads hangs"
img=$http/-/disk.img mount_image --net-timeout 5 --cache-size 8M
pid=
for p in $(pgrep -x anyfs-source-ht); do
	if tr '\0' '\n' <"/proc/$p/environ" | matches -x "HOME=$HOME"; then pid=$p; fi
done
[ "$pid" ] || fail "there is no such process"
kill -STOP "$pid"
at_exit "kill -KILL $pid"
if timeout 300 cat mnt/large >out 2>err; then fail "read from a program that is stopped"; fi
grep -q "Input/output error" err || fail "the read did not end: $(cat err)"
run anyfs-umount mnt
