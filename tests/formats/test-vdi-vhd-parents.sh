#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A differencing VHD or VDI image stores only changed data; the rest is read from its
# parent, which is opened only if the user allows it.
. "${0%/*}/lib-formats.sh"
requires python3 --version
make=${0%/*}/make-image.py
make_disk
run qemu-img convert -O vpc -o force_size=on "$img" base.vhd
run qemu-img convert -O vdi "$img" base.vdi
cp --sparse=always "$img" changed.img
head -c 2500000 /dev/urandom >new
run anyfs put changed.img new /p2
run anyfs rm changed.img /p2/random
run "$make" vhd-child base.vhd "$img" changed.img top.vhd
run "$make" vdi-child base.vdi "$img" changed.img top.vdi
anyfs hash changed.img /p2 >wanted
refuse 'top.vhd: needs its parent ./base.vhd|--allow-backing' anyfs ls top.vhd /p2
refuse 'top.vdi: needs its parent with UUID|--allow-backing' anyfs ls top.vdi /p2
for kind in vhd vdi; do
	run anyfs hash --allow-backing top.$kind /p2 >got
	same wanted got
done

# VirtualBox keeps snapshots in a subdirectory of the disk's directory.
mkdir Snapshots
mv top.vdi Snapshots
refuse 'its parent with UUID|is not in its directory' anyfs ls --allow-backing Snapshots/top.vdi /p2
run anyfs hash --allow-backing=. Snapshots/top.vdi /p2 >got
same wanted got
qemu-img create -q -f vpc -o force_size=on base.vhd 50M
refuse 'top.vhd: its parent|was changed, or is another image' anyfs ls --allow-backing top.vhd /p2
