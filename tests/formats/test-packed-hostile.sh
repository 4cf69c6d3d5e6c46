#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Random damage to compressed images, archives and images of other programs crashes
# nothing.
. "${0%/*}/lib-formats.sh"
requires sh -c 'command -v img2simg'
requires ewfacquire -V
requires bgzip --version
mkdir tree
seq 1 60000 >tree/numbers
image_ext4 tree disk.img 12M
gzip -1 -c "$img" >disk.gz
split -b 1000000 --filter='gzip -1' "$img" >members.gz
bgzip -c "$img" >disk.bgz
xz -0 -T1 -c "$img" >disk.xz
xz -0 -T2 --block-size=1000000 -c "$img" >blocks.xz
zstd -q -c "$img" >disk.zst
bzip2 -1 -c "$img" >disk.bz2
lz4 -q -c "$img" >disk.lz4
tar --format=oldgnu -S -cf sparse.tar disk.img
tar --format=pax -cf plain.tar tree disk.img
python3 -m zipfile -c disk.zip disk.img
for kind in mixed lzfse; do
	run python3 "${0%/*}/make-dmg.py" disk.img $kind.dmg $kind 64
done
run img2simg "$img" disk.simg
run ewfacquire -u -q -t disk -C c -D d -E 1 -e t -N n -m fixed -f encase6 -c fast -S 1GiB "$img" >ewf.log 2>&1
for image in disk.gz members.gz disk.bgz disk.xz blocks.xz disk.zst disk.bz2 disk.lz4; do
	mutate "$image" 1 15
done
for image in sparse.tar plain.tar disk.zip disk.simg disk.E01 mixed.dmg lzfse.dmg; do
	mutate "$image" 1 60
done
