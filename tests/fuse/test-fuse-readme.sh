#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The commands of the README, run unchanged and in order, do what the README says.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
rmdir "$mnt"
requires sgdisk --version

# The disk of the examples: partition 2 has a system, partition 3 is empty.
mkdir -p system/etc system/srv root/opt
echo 'ID=test' >system/etc/os-release
echo 'nameserver 192.0.2.1' >system/etc/resolv.conf
echo 'www-data:x:33:44:www-data:/:/bin/sh' >system/etc/passwd
echo 'www-data:x:44:' >system/etc/group
echo welcome >motd
echo here >root/opt/file
tar -C root -czf root.tar.gz .
image_ext4 system two.img
mkdir empty && image_ext4 empty three.img
scratch_image 100M
sgdisk -o -n 1:2048:+8M -n 2:0:+32M -n 3:0:+32M "$img" >/dev/null
dd if=two.img of="$img" bs=1M seek=9 conv=notrunc,sparse status=none
dd if=three.img of="$img" bs=1M seek=41 conv=notrunc,sparse status=none
ln -s "$ANYFS_TOP/run" run

at_exit "umount -l '$mnt' 2>/dev/null"
count=0
while read -r line; do
	# Skip commands with addresses (see tests/sources) and file servers (see tests/serve).
	[[ ! $line =~ ://|anyfs-nfsd|anyfs-ksmbd|^smbclient ]] || continue
	echo "+ $line"
	eval "$line" >output || fail "exit $?: $line"
	count=$((count + 1))
	case $line in
	*'cat disk.img'*)	expect ID=test <output ;;
	'ls '* | *'anyfs ls'*)	grep -q os-release output || fail "$line: $(cat output)" ;;
	*partitions)		[ "$(grep -c ext output)" -eq 2 ] || fail "$line: $(cat output)" ;;
	grep*)			expect 'mnt/p2/etc/resolv.conf:nameserver 192.0.2.1' <output ;;
	esac
done < <(sed -n 's/^    \$ //p' "$ANYFS_TOP/README.md")
[ $count -ge 12 ] || fail "only $count lines"
if grep -q " $mnt " /proc/self/mountinfo; then fail "still mounted"; fi

expect ID=test <copy/os-release
anyfs cat disk.img /p2/etc/motd | expect hello
anyfs cat disk.img /p3/opt/file | expect here
anyfs stat disk.img /p2/srv | matches 'Owner: 33:44$' || fail "$(anyfs stat disk.img /p2/srv)"
