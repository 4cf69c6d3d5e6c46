#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files are written to ufs of 4.4BSD, Solaris and FreeBSD (UFS2) and read back.  A
# program of this project makes the images of Solaris, and those of UFS2 because makefs
# puts UFS2 at an unusual offset.
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
	# Check that the right variant is detected: others have the owners at other offsets of
	# the inode.
	echo owned | run anyfs put --owner 70000:5 "$img" - /owned
	anyfs ls -l -o "ufstype=$kind" "$img" /owned | matches ' 70000 *5 ' ||
		fail "$kind: $(anyfs ls -l -o "ufstype=$kind" "$img" /owned)"
	run anyfs rm "$img" /owned
	writable "ufs ($kind)" "$img" -
done
verdict
