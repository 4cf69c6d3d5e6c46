#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# getfacl and setfacl print and change ACLs like the programs of these names.
. "${0%/*}/../lib.sh"
requires setfacl --version
mkdir -p tree/etc tree/d/sub
echo 'joe:x:1000:1000::/:/bin/sh' >tree/etc/passwd
echo 'staff:x:50:' >tree/etc/group
echo text >tree/d/file
chmod 750 tree/d
chmod 640 tree/d/file
image_ext4 tree
touch probe
setfacl -m u:1000:r probe 2>/dev/null || skip "the file system of this directory has no ACLs"

# The same change in the image and on the host, compared by the text of getfacl.
both() {
	run anyfs setfacl "$@" "$img" /d/file
	setfacl "$@" tree/d/file
	compare
}
both_dir() {
	run anyfs setfacl "$@" "$img" /d
	setfacl "$@" tree/d
	compare
}
compare() {
	local path
	for path in d d/file d/sub; do
		anyfs getfacl -n "$img" /$path | grep -v '^# \(owner\|group\)' | tr -s '\t' >ours
		(cd tree && getfacl -n $path) | grep -v '^# \(owner\|group\)' | tr -s '\t' >theirs
		diff theirs ours || fail "$path differs after the last change"
	done
}
compare
both -m u:1000:rw,g:50:rwx
both -m g::x
both -m m::r
both -n -m u:1001:rwx
both -m o::7,user:1002:x
both -x u:1000
both -m u:1000:X
both -b
both -m u:1000:rX
both --set u::rw,g::r,o::-,u:7:rwx
both_dir -m d:u:1000:rwx
both_dir -d -m g:50:rx
both_dir -m u:1000:X
both_dir -x d:u:1000
both_dir -R -m u:1001:rX
both_dir -k
both_dir -R -b

echo "Names are those of the image."
run anyfs setfacl -m u:joe:rw,g:staff:r "$img" /d/file
anyfs getfacl -c "$img" /d/file | matches '^user:joe:rw-' || fail "no name: $(anyfs getfacl "$img" /d/file)"
refuse "not entries of an ACL" anyfs setfacl -m u:nobody-here:rw "$img" /d/file
refuse "not entries of an ACL" anyfs setfacl -m u:joe:rwz "$img" /d/file
refuse "no change given" anyfs setfacl "$img" /d/file
anyfs getfattr -e text -n system.posix_acl_access "$img" /d/file |
	matches '="user::rw-,user:1000:rw-,' || fail "no words"
anyfs getfacl --json "$img" /d/file | python3 -c '
import json, sys
acl = json.load(sys.stdin)[0]
assert {"tag": "user", "id": 1000, "name": "joe", "permissions": "rw-"} in acl["access"], acl'
image_vfat tree
code=0
anyfs setfacl -m u:1000:r "$img" /d/file 2>err || code=$?
[ "$code" -eq 1 ] && grep -q "ACL not changed: Operation not supported" err ||
	fail "exit $code on FAT: $(cat err)"
