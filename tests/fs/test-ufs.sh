#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ufs of 4.4BSD by its tool; UFS2 of FreeBSD, which that puts where nobody looks for it,
# and those of Solaris by a program of our own.
. "${0%/*}/lib-fs.sh"
requires which makefs
mkdir empty
makefs -t ffs -s 128m -f 3000 disk.img empty >/dev/null
img=$PWD/disk.img
writable "ufs (44bsd)" "$img" -
for kind in ufs2 sun sunx86; do
	rm "$img"
	scratch_image 128M
	run "${0%/*}/make-ufs.py" $kind "$img"
	# It is taken for what it is: in another kind's inodes the owners are elsewhere.
	echo owned | run anyfs put --owner 70000:5 "$img" - /owned
	anyfs ls -l -o "ufstype=$kind" "$img" /owned | grep -q ' 70000 *5 ' ||
		fail "$kind: $(anyfs ls -l -o "ufstype=$kind" "$img" /owned)"
	run anyfs rm "$img" /owned
	writable "ufs ($kind)" "$img" -
done
verdict
