#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ufs of 4.4BSD by its tool; UFS2 of FreeBSD, which makefs puts at an unusual place, and
# those of Solaris by our own program.
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
	# The variant is detected correctly: other variants have the owners elsewhere in the
	# inode.
	echo owned | run anyfs put --owner 70000:5 "$img" - /owned
	anyfs ls -l -o "ufstype=$kind" "$img" /owned | grep -q ' 70000 *5 ' ||
		fail "$kind: $(anyfs ls -l -o "ufstype=$kind" "$img" /owned)"
	run anyfs rm "$img" /owned
	writable "ufs ($kind)" "$img" -
done
verdict
