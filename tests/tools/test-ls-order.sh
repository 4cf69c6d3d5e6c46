#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs ls sorts by time and by size, and shows the owners' names that the image has.
# root: owners of files
. "${0%/*}/../lib.sh"
mkdir -p tree/etc tree/d
printf 'root:x:0:0::/:/bin/sh\nadmin:x:0:0::/:/bin/sh\nann:x:1000:50::/:\nbad\tname:x:7:7::/:\n' >tree/etc/passwd
printf 'root:x:0:\nstaff:x:50:ann\nlong' >tree/etc/group
for i in 1 2 3; do
	head -c $((4000 / i)) /dev/zero >tree/d/$i
	touch -d "2024-01-0$i 00:00:0$i UTC" tree/d/$i
done
ln -s 1 tree/d/link
touch -h -d '2020-01-01 UTC' tree/d/link
chown 1000:50 tree/d/1
chown 7:7 tree/d/2
chown 0:99 tree/d/3
image_ext4 tree

anyfs ls -t "$img" /d | expect $'3\n2\n1\nlink'
anyfs ls -tr "$img" /d | expect $'link\n1\n2\n3'
anyfs ls -S "$img" /d | expect $'1\n2\n3\nlink'
anyfs ls -r "$img" /d | expect $'link\n3\n2\n1'
anyfs ls -d "$img" /d /etc | expect $'/d\n/etc'
anyfs ls -l "$img" /d/1 /d/2 /d/3 | awk '{print $3, $4}' | expect $'ann staff\n7 7\nroot 99'
anyfs ls -n "$img" /d/1 | awk '{print $3, $4}' | expect '1000 50'
TZ=Asia/Tokyo anyfs ls --full-time --utc "$img" /d/3 | matches '2024-01-03 00:00:03.000000000 +0000 /d/3$' ||
	fail "$(anyfs ls --full-time --utc "$img" /d/3)"
ino=$(debugfs -R 'stat /d/1' "$img" 2>/dev/null | sed -n 's/^Inode: \([0-9]*\).*/\1/p')
anyfs ls -i "$img" /d/1 | expect "$(printf '%10s /d/1' "$ino")"
