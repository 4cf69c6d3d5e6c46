#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount of a compressed image shows the files of the image, and unpacks it where
# --unpack-dir says, up to --unpack-limit; no temporary file remains.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
mkdir tree scratch
head -c 3000000 /dev/urandom >tree/random
seq 1 300000 >tree/numbers
image_ext4 tree disk.img 24M
gzip -1 -c "$img" >disk.img.gz
xz -0 -T2 --block-size=1000000 -c "$img" >disk.img.xz
for image in disk.img.gz disk.img.xz; do
	img=$image mount_image --unpack-dir scratch
	same tree/random mnt/random
	same tree/numbers mnt/numbers
	[ -z "$(ls scratch)" ] || fail "a temporary file remains: $(ls scratch)"
	umount_image
done
img=disk.img.gz mount_image -o unpack_limit=24M
same tree/numbers mnt/numbers
umount_image
refuse 'disk.img.gz: unpacks to more than 10 MiB' anyfs-fuse --unpack-limit 10M disk.img.gz mnt
refuse 'disk.img.gz: cannot be unpacked to|missing' anyfs-fuse --unpack-dir missing disk.img.gz mnt
