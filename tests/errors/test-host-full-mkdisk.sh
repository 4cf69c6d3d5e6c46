#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: it mounts small file systems
# If the host's disk is full while anyfs mkdisk makes an encrypted volume, one line says so, and
# nothing is left behind.
. "${0%/*}/../lib.sh"
requires cryptsetup --version
printf 'right words' >key
mkdir small
mount -t tmpfs none small 2>mount.err || skip "mounting is not allowed here: $(cat mount.err)"
at_exit "umount -l '$PWD/small'"
disk=(small/disk.img --size 1G --key file:key
	--part "a:ext4:rest:luks:pbkdf-iterations=4:pbkdf-memory=64K:pbkdf-threads=1")

# The header takes 16 MiB, the file system about 17 MiB; both are first made in a temporary file.
for size in 8 24 40; do
	mount -o "remount,size=${size}m" "$PWD/small"
	refuse "disk.img: partition a|No space left on device" anyfs mkdisk "${disk[@]}"
	find small -mindepth 1 | expect ""
done
mount -o remount,size=300m "$PWD/small"
run anyfs mkdisk "${disk[@]}"
run anyfs ls --key file:key small/disk.img /p1 | expect lost+found
