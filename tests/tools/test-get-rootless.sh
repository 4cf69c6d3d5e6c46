#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: it makes a user namespace as another user, which the runner's sandbox may forbid
#
# As uid 0 of a user namespace with one id, get exits with 1 if it cannot keep an
# owner, attribute or device, and with 0 if --no-owner, --no-xattrs and --no-devices
# leave them out.
. "$ANYFS_TOP/tests/lib.sh"
requires mkfs.ext4 -V
requires unshare --version
mkdir tree
echo x >tree/file
echo y >tree/label
chmod 4755 tree/file
image_ext4 tree
run anyfs chown "$img" 0:4 /file
run anyfs setfattr -n trusted.note -v text "$img" /label
run anyfs setfattr -n user.colour -v blue "$img" /label
mknod null c 1 3
run anyfs put "$img" null /
chmod 644 "$img"
mkdir work
chmod 777 . work

rootless() { as_nobody unshare -r "$@"; }
as_nobody unshare -r true 2>/dev/null || skip "no user namespaces here"
code=0
(cd work && rootless anyfs get "$img" / out 2>err) || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat work/err)"
for text in "owners of .* --no-owner" "/label: attribute trusted.note not kept (--no-xattrs" "/null: not copied"; do
	grep -q -- "$text" work/err || fail "no \"$text\" in: $(cat work/err)"
done
echo "--no-owner and the like"
(cd work && run rootless anyfs get --no-owner --no-xattrs --no-devices --numeric-owner "$img" / out2 2>err) ||
	fail "$(cat work/err)"
same tree/file work/out2/file
same tree/label work/out2/label
[ ! -e work/out2/null ] || fail "a device was made"
[ -z "$(getfattr -d -m - work/out2/label 2>/dev/null)" ] || fail "an attribute was kept"
[ "$(stat -c %U work/out2/file)" = nobody ] || fail "$(stat work/out2/file)"

echo "tar-out, tar-in and put leave out owners, attributes and devices by option"
anyfs tar-out --no-owner --no-xattrs "$img" /file >file.tar
tar --numeric-owner -tvf file.tar | matches ' 0/0 ' || fail "$(tar -tvf file.tar)"
anyfs tar-out --no-xattrs "$img" /label >label.tar
! grep -q colour label.tar || fail "an attribute is in the archive"
anyfs tar-out "$img" / >all.tar
run anyfs mkdir "$img" /in
run anyfs tar-in --no-owner --no-xattrs "$img" /in <all.tar
anyfs ls -l "$img" /in/file | matches ' 0  *0 ' || fail "$(anyfs ls -l "$img" /in)"
[ -z "$(anyfs getfattr "$img" /in/label)" ] || fail "$(anyfs getfattr "$img" /in/label)"
if setfattr -n user.colour -v red tree/label 2>/dev/null; then
	run anyfs put --no-xattrs "$img" tree/label /new
	[ -z "$(anyfs getfattr "$img" /new)" ] || fail "put kept an attribute"
fi
chown 7:8 tree/file
run anyfs put -a --no-owner "$img" tree/file /mine
anyfs ls -l "$img" /mine | matches ' 0  *0 ' || fail "$(anyfs ls -l "$img" /mine)"
