#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Image files that are missing, empty, truncated, unreadable, directories or
# no images at all: one clear line each.
. "${0%/*}/../lib.sh"
mkdir tree dir.img
echo hello >tree/hello
image_ext4 tree good.img
: >empty.img
head -c 100 /dev/urandom >tiny.img
head -c 1000000 /dev/urandom >noise.img
truncate -s 10M zero.img
head -c 70000 good.img >cut.img
mkfifo fifo.img
cp good.img secret.img
chmod 000 secret.img
for verb in ls cat get stat hash parts; do
	more=()
	[ $verb = cat ] || [ $verb = stat ] && more=(/hello)
	[ $verb = get ] && more=(/hello out)
	refuse "missing.img|No such file" anyfs $verb missing.img "${more[@]}"
	refuse "empty.img|empty" anyfs $verb empty.img "${more[@]}"
	refuse "dir.img|directory" anyfs $verb dir.img "${more[@]}"
	refuse "tiny.img" anyfs $verb tiny.img "${more[@]}"
	refuse "fifo.img" anyfs $verb fifo.img "${more[@]}"
	[ "$(id -u)" -eq 0 ] || refuse "secret.img|ermission denied" anyfs $verb secret.img "${more[@]}"
	[ $verb = parts ] && continue		# shows a disk with nothing on it
	refuse "noise.img" anyfs $verb noise.img "${more[@]}"
	refuse "zero.img" anyfs $verb zero.img "${more[@]}"
	refuse "cut.img" anyfs $verb cut.img "${more[@]}"
done
refuse "missing.img|No such file" anyfs-lspart missing.img
refuse "empty.img|empty" anyfs-lspart empty.img
