#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# New files of SMB clients have the modes 644 and 755, and no ACL unless their directory has a
# default ACL.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir tree
echo hello >hello
image_ext4 tree ext4.img 64M
truncate -s 300M xfs.img
run mkfs.xfs -q xfs.img
truncate -s 128M btrfs.img
make_btrfs btrfs.img
export ALICE=secret

# PATH MODE ACL: getfacl -c prints the entries, one a line.
has() {
	local mode acl
	mode=$(anyfs stat -c %A "$img" "$1")
	[ "$mode" = "$2" ] || fail "$img: $1 has the mode $mode instead of $2"
	acl=$(anyfs getfacl -c "$img" "$1" | tr -s '\n ' ' ')
	[ "$acl" = "$3 " ] || fail "$img: $1 has the ACL $acl"
}

for img in ext4.img xfs.img btrfs.img; do
	run anyfs mkdir "$img" /shared
	run anyfs setfacl -d -m u:7:rwx "$img" /shared
	serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
	smb p0 'put hello; mkdir dir; put hello dir/hello; mkdir dir/sub; put hello shared/hello' >out ||
		fail "$img: $(cat out)"
	stop_server
	for path in /hello /dir/hello; do
		has $path -rw-r--r-- 'user::rw- group::r-- other::r--'
	done
	for path in /dir /dir/sub; do
		has $path drwxr-xr-x 'user::rwx group::r-x other::r-x'
	done
	anyfs getfacl -nc "$img" /shared/hello | matches '^user:7:rwx' ||
		fail "$img: the default ACL was not inherited"
done
