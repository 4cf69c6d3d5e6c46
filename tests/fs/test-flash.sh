#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images of flash memory, jffs2 and ubifs with every compressor of their tools, are read
# through an MTD device on top of a disk.
. "${0%/*}/lib-fs.sh"
requires which mkfs.jffs2 mkfs.ubifs ubinize
# mkfs.jffs2 and mkfs.ubifs do not store extended attributes.
host_tree write directories times symlinks hardlinks '>255' unicode

on_flash() {
	program fs/flash "$@" <before.tree >after
	same before.tree after
}
for packer in zlib rtime lzo none; do
	options=(-x zlib -x rtime -x lzo)
	[ $packer = none ] || options=(-X "$packer")
	run mkfs.jffs2 -r tree -o jffs2.img -e 128KiB -n --pad=0x400000 -q "${options[@]}"
	on_flash jffs2 jffs2.img
done
for packer in lzo zlib zstd none; do
	run mkfs.ubifs -r tree -m 8 -e 130944 -c 100 -x $packer -F -o ubifs.img
	printf '[v]\nmode=ubi\nimage=ubifs.img\nvol_id=0\nvol_type=dynamic\nvol_name=v\nvol_flags=autoresize\n' >ubi.ini
	run ubinize -m 1 -p 128KiB -o ubi.img ubi.ini
	truncate -s 16M ubi.img
	on_flash ubifs ubi.img
done
