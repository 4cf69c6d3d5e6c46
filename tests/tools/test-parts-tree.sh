#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs parts --tree draws the whole content of an image, and --json prints the same
# tree in the format of lsblk -J.
. "${0%/*}/../lib.sh"
requires jq --version
requires mdadm --version
mkdir efi root
echo x >efi/x
echo y >root/y
image_gpt efi root
run anyfs parts --tree disk.img | sed -E 's/ [0-9A-Fa-f-]{9,}$/ UUID/' | expect 'disk.img disk 50M
|-p1 part 16M
| `-vfat filesystem 16M ANYFSTEST UUID
`-p2 part 32M
  `-ext4 filesystem 32M anyfs-test UUID'

# Two members of an array in one disk.
run python3 "${BASH_SOURCE[0]%/*}/../image/make-md.py" 1.0 1 disk.img a b
size=$(($(stat -c %s a) / 512))
truncate -s 130M two.img
run sgdisk -a 8 -n 1:2048:$((2047 + size)) -n 2:122880:$((122879 + size)) two.img >log
dd if=a of=two.img bs=512 seek=2048 conv=notrunc,sparse status=none
dd if=b of=two.img bs=512 seek=122880 conv=notrunc,sparse status=none
run anyfs parts --tree two.img >tree
grep -q 'raid1 50M' tree || fail "no array: $(cat tree)"
grep -q -- '-> /p1$' tree || fail "the second member does not lead to the first: $(cat tree)"
run anyfs parts --json two.img >json
run jq -r '.blockdevices[0].children[] | [.name, .type, .children[0].type] | join(" ")' json |
	expect $'p1 part raid1\np2 part raid1'
run jq -r '.blockdevices[0].children[1].children[0].shown_at' json | expect /p1
run jq -r '.. | objects | select(.type == "filesystem") | .path + " " + .fstype' json |
	expect $'/p1/p1 vfat\n/p1/p2 ext4'
