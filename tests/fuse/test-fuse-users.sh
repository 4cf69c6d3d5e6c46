#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mount shows the owners and permissions of the image, or those set by uid=, gid=,
# umask= and --map-owner.  Only the mounting user has access, or all users with
# allow_other.  ACLs and the stored owners are checked on ext4, xfs and btrfs.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires setfacl --version
chmod 755 . ..
owner() { stat -c '%u:%g %a' "$1"; }

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write
	chmod 755 "$mnt"
	echo text >"$mnt/file" && chown 12:34 "$mnt/file" && chmod 664 "$mnt/file"
	mkdir -m 777 "$mnt/dir" "$mnt/plain" && chown 56:78 "$mnt/dir" "$mnt/plain"
	echo text >"$mnt/secret" && chmod 600 "$mnt/secret"
	# Other users have no access at all.
	if as_nobody ls "$mnt" 2>/dev/null; then fail "$fs: other users have access"; fi
	umount_image

	# All users have access by the owners and modes of the image.
	mount_image --write -o allow_other
	owner "$mnt/file" | expect '12:34 664'
	as_nobody cat "$mnt/file" | expect text
	if as_nobody cat "$mnt/secret" 2>err; then fail "$fs: modes are not enforced"; fi
	grep -q 'Permission denied' err || fail "$fs: $(cat err)"
	if as_nobody touch "$mnt/new" 2>err; then fail "$fs: any user may write to the root"; fi
	as_nobody mkdir "$mnt/dir/nobody" || fail "$fs: the user nobody cannot write to a directory for all users"
	owner "$mnt/dir/nobody" | expect "$(id -u nobody):$(id -g nobody) 755"

	# ACLs grant and deny access, and files inherit the default ACL of a directory.
	setfacl -m u:nobody:r "$mnt/secret"
	as_nobody cat "$mnt/secret" | expect text || fail "$fs: an ACL does not grant access"
	setfacl -m u:nobody:- "$mnt/file"
	if as_nobody cat "$mnt/file" 2>err; then fail "$fs: an ACL does not deny access"; fi
	setfacl -d -m u:nobody:rw,m:rw "$mnt/dir"
	(umask 077 && echo inherited >"$mnt/dir/inherited" && chown 0:0 "$mnt/dir/inherited")
	as_nobody cat "$mnt/dir/inherited" | expect inherited
	getfacl -p "$mnt/secret" "$mnt/file" "$mnt/dir" "$mnt/dir/inherited" >acls
	grep -c 'nobody' acls | expect 4
	chmod g-r "$mnt/secret"			# removes r from the mask of the ACL
	if as_nobody cat "$mnt/secret" 2>err; then fail "$fs: the mask is not applied"; fi
	chmod g+r "$mnt/secret"
	umount_image
	fsck_image $fs
	mount_image -o default_permissions
	getfacl -p "$mnt/secret" "$mnt/file" "$mnt/dir" "$mnt/dir/inherited" | diff acls - ||
		fail "$fs: other ACLs afterwards"
	umount_image

	# All files belong to one user.
	mount_image --write -o allow_other,uid=1234,gid=5678,umask=027
	owner "$mnt/file" | expect '1234:5678 640'
	owner "$mnt/secret" | expect '1234:5678 640'
	user() { setpriv --reuid=1234 --regid=5678 --clear-groups --bounding-set=-all --inh-caps=-all -- "$@"; }
	user sh -c "echo more >>'$mnt/file' && mkdir '$mnt/plain/made'" || fail "$fs: not the user's own"
	owner "$mnt/plain/made" | expect '1234:5678 750'
	if user chown 12 "$mnt/file" 2>err; then fail "$fs: owners that uid= has set can be changed"; fi
	umount_image
	mount_image --map-owner
	for name in file dir dir/nobody; do
		stat -c '%u:%g' "$mnt/$name" | expect "$(id -u):$(id -g)"
	done
	umount_image
	# In the image the owners are unchanged; new files have the owner of their directory.
	mount_image
	owner "$mnt/file" | expect '12:34 664'
	expect $'text\nmore' <"$mnt/file"
	stat -c '%u:%g' "$mnt/plain/made" | expect '56:78'
	umount_image
	fsck_image $fs
done
