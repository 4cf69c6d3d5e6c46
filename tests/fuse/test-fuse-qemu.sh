#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A writable mount of a qcow2 image: data that fsync(2) reported is in the image when
# qemu-storage-daemon is killed; later writes fail with EIO, and a message says why.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires qemu-storage-daemon --version
mkdir tree
seq 1 20000 >tree/numbers
image_ext4 tree disk.img 24M
run qemu-img convert -O qcow2 disk.img disk.qcow2
head -c 2000000 /dev/urandom >new
img=disk.qcow2 mount_image --write
run dd if=new of=mnt/new bs=64k conv=fsync status=none
same tree/numbers mnt/numbers

# Other tests run qemu-storage-daemon too, so look only for our child.
pid=
for p in $(pgrep -x qemu-storage-da); do
	if tr '\0' '\n' <"/proc/$p/cmdline" | matches -F "$PWD/disk.qcow2"; then pid=$p; fi
done
[ "$pid" ] || fail "there is no daemon"
kill -KILL "$pid"
if dd if=new of=mnt/later bs=64k conv=fsync status=none 2>err; then fail "written without the daemon"; fi
grep -q "Input/output error\|Read-only file system" err || fail "$(cat err)"
umount -l mnt

run qemu-img check disk.qcow2 >check.log
run anyfs cat disk.qcow2 /new | cmp - new || fail "data that was synced is lost"
