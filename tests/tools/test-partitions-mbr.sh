#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An MBR disk with an extended partition has /p1 and the logical partition /p5.
. "${0%/*}/../lib.sh"
requires sfdisk --version
mkdir -p a b
echo one >a/file
echo five >b/file
image_vfat a part1.img 16M
image_ext4 b part5.img 16M
scratch_image 40M
sfdisk -q "$img" <<-END
	label: dos
	start=2048, size=32768, type=c
	start=34816, size=40960, type=5
	start=36864, size=32768, type=83
END
dd if=part1.img of="$img" bs=512 seek=2048 conv=notrunc status=none
dd if=part5.img of="$img" bs=512 seek=36864 conv=notrunc status=none
run anyfs cat "$img" /p1/file | expect one
run anyfs cat "$img" /p5/file | expect five
run anyfs parts "$img" >out
grep -Eq '^/p5 .*ext4' out || fail "parts: $(cat out)"
