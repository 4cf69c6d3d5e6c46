#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Block devices with sectors of 4096 bytes, and images of them, show the partitions
# that sfdisk has written.  An empty partition does not end the list.
# root: it takes loop devices
. "${0%/*}/lib-sectors.sh"
needs_loop
mkdir tree
echo hello >tree/file
truncate -s 16M p.img
mkfs.ext4 -q -b 4096 -d tree p.img >mkfs.log
truncate -s 64M k4.img
dev=$(losetup -f --show -b 4096 k4.img) || skip "no loop devices with sectors of 4096 bytes"
at_exit "losetup -d $dev"
printf 'label: gpt\nsize=20MiB\nsize=20MiB\n' | sfdisk -q "$dev" >sfdisk.log 2>&1
place p.img "$dev" 1
sync "$dev"
for image in "$dev" k4.img; do
	run anyfs parts -b "$image" >table
	[ "$(wc -l <table)" -eq 3 ] || fail "$image: $(cat table)"
	grep -q '^/p1 .* 20971520 ext4 ' table || fail "$image: $(cat table)"
	grep -q '^/p2 .* 20971520 - ' table || fail "$image: $(cat table)"
	run anyfs cat "$image" /p1/file | expect hello
	run anyfs info "$image" >facts
	refuse '/p2: no file system recognised' anyfs ls "$image" /p2
done
echo new | run anyfs put "$dev" - /p1/new
run anyfs cat "$dev" /p1/new | expect new
run anyfs cat --sector-size 4096 "$dev" /p1/new | expect new
refuse 'cannot be written in sectors of 512' anyfs touch --sector-size 512 "$dev" /p1/file
sfdisk -l "$dev" 2>/dev/null | grep -c 'Linux filesystem' | expect 2

# A disk with sectors of 512 bytes, on an adapter that shows 4096, can be read.
partitioned 512 gpt d.img 16 16
place p.img d.img 1
dd if=d.img of="$dev" bs=1M conv=notrunc status=none
sync "$dev"
run anyfs cat "$dev" /p1/file | expect hello
