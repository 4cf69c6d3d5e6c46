#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# put and tar-in with --manifest set the metadata that an mtree file lists, as debugfs and e2fsck
# then find it.  A build without root gets owners and devices in this way.
. "${0%/*}/../lib.sh"
requires debugfs -V
mkdir -p tree/bin tree/etc tree/dev empty
echo program >tree/bin/su
echo root:x:0:0::/:/bin/sh >tree/etc/passwd
echo games:x:60: >tree/etc/group
echo "text" >"tree/etc/with space"
ln -s su tree/bin/link
cat >manifest <<'END'
#mtree
/set type=file uid=0 gid=0 mode=0644 time=1500000000.000000000
. type=dir mode=0755
./bin type=dir mode=0755
./bin/su mode=04755 gid=60 time=1600000000.5 \
    xattr.security.capability=0x0100000201000000000000000000000000000000
./bin/link type=link mode=0777 uid=7
./dev type=dir mode=0750
./dev/null type=char device=linux,1,3 mode=0666
./dev/sda type=block device=linux,8,0 mode=0660 gid=6
./etc/passwd xattr.user.note="hello"
./etc/with\040space uid=1000 gid=1000
./etc/absent optional
/unset all
./etc/group type=file uname=root gname=games mode=0640
END
# meta PATH: the file's mode, owner, group and time, as debugfs prints them.
meta() {
	debugfs -R "stat \"$1\"" fs.img 2>/dev/null | tr '\n' ' ' | sed -E \
		's/.*Type: ([a-z ]*[a-z]) +Mode: +([0-9]+).*User: +([0-9]+) +Group: +([0-9]+).* mtime: 0x([0-9a-f]+).*/\1 \2 \3 \4 \5/'
}
check() {
	e2fsck -fn fs.img >e2fsck.log 2>&1 || fail "$(cat e2fsck.log)"
	meta /bin/su | expect "regular 04755 0 60 $(printf %08x 1600000000)"
	meta /bin/link | matches "^symlink 0*777 7 0 " || fail "link: $(meta /bin/link)"
	meta /dev | matches "^directory 0*750 0 0 $(printf %08x 1500000000)" ||
		fail "the time of a directory: $(meta /dev)"
	meta /dev/null | matches "^character special 0*666 0 0" || fail "$(meta /dev/null)"
	debugfs -R "stat /dev/null" fs.img 2>/dev/null | matches "major/minor number: 01:03" ||
		fail "the numbers of /dev/null"
	meta /dev/sda | matches "^block special 0*660 0 6" || fail "$(meta /dev/sda)"
	meta "/etc/with space" | matches "^regular 0*644 1000 1000" || fail "with space"
	meta /etc/group | matches "^regular 0*640 0 60" || fail "names: $(meta /etc/group)"
	run anyfs getcap fs.img /bin/su | matches "cap_chown=ep" || fail "$(anyfs getcap fs.img /bin/su)"
	run anyfs getfattr -n user.note fs.img /etc/passwd | matches '"hello"' || fail "no attribute"
}
run anyfs mkfs --size 8M fs.img ext4
run anyfs put --manifest manifest fs.img tree/. /
check
run anyfs mkfs --force fs.img ext4
tar -C tree -cf tree.tar .
run anyfs tar-in --manifest manifest fs.img / <tree.tar
check

echo "The manifest that anyfs hash prints:"
run anyfs hash --format mtree fs.img >printed
run anyfs mkfs --size 8M other.img ext4
run anyfs put --manifest printed other.img tree/. /
run anyfs hash --format mtree other.img >again
same printed again
run anyfs verify other.img printed

echo "Mistakes:"
# wrong LINE TEXT CMD ...: with this line in a manifest, the command fails with the text.
wrong() {
	local line=$1 text=$2
	shift 2
	printf '#mtree\n%s\n' "$line" >bad
	refuse "$text" "$@"
}
wrong "./none type=file" "other.img: /none: metadata not set: No such file" \
	anyfs put --manifest bad other.img empty /
wrong "./etc/passwd type=dir" "/etc/passwd: metadata not set: the manifest has another type" \
	anyfs put --manifest bad other.img empty /
wrong "./../etc/passwd uid=1" "bad:2: the path leads out of the tree" \
	anyfs put --manifest bad other.img empty /
wrong "./etc uid=x" "bad:2: a value is not a number" anyfs put --manifest bad other.img empty /
wrong "./etc uname=nosuch" "/etc: owner not set: the image has no such user" \
	anyfs put --manifest bad other.img empty /
wrong "./dev/x type=char device=1" "/dev/x: " anyfs put --manifest bad other.img empty /bin
wrong "./etc device=linux,1" "bad:2: give a device as linux,MAJOR,MINOR" \
	anyfs put --manifest bad other.img empty /
sha256sum tree/bin/su >sums
refuse "sums: not an mtree file" anyfs put --manifest sums other.img empty /
refuse "standard input is given" anyfs put --manifest - other.img - /
refuse "missing: No such file" anyfs put --manifest missing other.img empty /
refuse "standard input is the archive" anyfs tar-in --manifest - other.img /
ln -s /etc tree/out
run anyfs put other.img tree/out /
wrong "./out/passwd uid=9" "none" anyfs stat none.img / 
run anyfs put --manifest bad other.img empty /
run anyfs stat --json other.img /etc/passwd | matches '"uid": 9,' ||
	fail "an absolute link leads into the image"
