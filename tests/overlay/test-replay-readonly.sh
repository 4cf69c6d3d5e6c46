#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# After a replay, a disk that was opened read-only is still read-only.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
mkdir root
echo original >root/old
image_ext4 root part1.img
image_ext4 root part2.img 128M
left_dirty "$PWD/part1.img"
left_dirty "$PWD/part2.img" -n 8000
scratch_image 168M
sgdisk -o -n 1:2048:+32M -n 2:0:+128M "$img" >/dev/null
dd if=part1.img of="$img" bs=1M seek=1 conv=notrunc,sparse status=none
dd if=part2.img of="$img" bs=1M seek=33 conv=notrunc,sparse status=none
chmod 444 "$img"
cp --sparse=always "$img" before.img
program overlay/readonly "$img"
same "$img" before.img

# If the file system in an overlay is dirty, its journal is replayed on top of the overlay.
image_ext4 root fs.img
chmod 444 fs.img
cp fs.img before-fs.img
program overlay/change -d -o fs.ovl fs.img 0
cp --sparse=always fs.ovl before.ovl
anyfs cat --overlay fs.ovl fs.img /old 2>err | expect changed
grep -q 'replayed into memory' err || fail "standard error: $(cat err)"
same fs.img before-fs.img
same fs.ovl before.ovl
