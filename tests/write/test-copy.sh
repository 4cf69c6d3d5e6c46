#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs copy between the host and images, and between images, makes the trees that rsync makes,
# also with --exclude, --update and --delete, and does not write to a source.
# root: owners of the copies are compared on the host
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires rsync --version
requires setfattr --version

same_trees() {
	rsync -nrlptgoDHXi --delete "${@:3}" "$1/" "$2/" >differ
	[ ! -s differ ] || fail "$1 and $2 differ: $(cat differ)"
}

mkdir -p tree/sub/deep tree/.cache/x tree/logs
echo content >tree/file
echo log >tree/logs/a.log
echo text >tree/logs/a.txt
echo cached >tree/.cache/x/file
ln tree/file tree/sub/other-name
ln -s file tree/link
truncate -s 3M tree/sub/holes
echo end >>tree/sub/holes
chown -h 1234:4321 tree/file tree/link tree/sub
chmod 4755 tree/file
touch -h -d '2020-02-02 02:02:02.5' tree/file tree/link tree/sub
setfattr -n user.note -v text tree/file
# More than fits into the first buffer for the list, and for a value.
for i in $(seq 20); do setfattr -n "user.attribute-with-a-long-name-$i" -v "$i" tree/sub/holes; done
setfattr -n user.long -v "$(printf 'v%.0s' {1..1500})" tree/sub/holes

scratch_image 64M a.img; a=$img
mkfs.ext4 -q -b 4096 "$a"
scratch_image 300M b.img; b=$img
mkfs.xfs -q "$b"
echo "host to image, image to image, image to host"
run anyfs copy tree "$a:/"
sum=$(sha256sum <"$a")
run anyfs copy "$a:/tree" "$b:/copied"
run anyfs copy "$b:/copied/." out
same_trees tree out
[ "$(sha256sum <"$a")" = "$sum" ] || fail "the source was written to"
[ "$(stat -c %b out/sub/holes)" -lt 1024 ] || fail "the hole was filled"

echo "inside one image"
run anyfs copy "$a:/tree" "$PWD/../$(basename "$PWD")/a.img:/inside"
refuse "the destination is the source or inside it" anyfs copy "$a:/tree" "$a:/tree/sub"
rm -rf out
run anyfs copy "$a:/inside" out
same_trees tree out

echo "filters"
rm -rf out rsynced
rsync -aHX --include=a.txt --exclude='*.log' --exclude='/.cache/' --exclude='logs/*' tree/ rsynced/
run anyfs copy --include a.txt --exclude '*.log' --exclude /.cache/ --exclude 'logs/*' "$a:/tree" out
same_trees rsynced out

echo "update and delete, first as a dry run"
echo newer >tree/file
touch -d '2001-01-01' tree/logs/a.log
echo added >tree/added
rm -r tree/sub/deep tree/.cache tree/link
run anyfs copy -nu --delete tree/. "$a:/tree" | sort >output
expect "copy tree/./added
copy tree/./file
copy tree/./sub/other-name
delete /tree/.cache
delete /tree/link
delete /tree/sub/deep" <output
anyfs cat "$a" /tree/file | expect content
run anyfs copy -u --delete --exclude link tree/. "$a:/tree"
anyfs cat "$a" /tree/file /tree/added | expect newer$'\n'added
anyfs find "$a" /tree -mindepth 1 | sort | expect "/tree/added
/tree/file
/tree/link
/tree/logs
/tree/logs/a.log
/tree/logs/a.txt
/tree/sub
/tree/sub/holes
/tree/sub/other-name"
# The newer file of the image was not replaced.
anyfs find "$a" /tree/logs/a.log -newermt 2002-01-01 | expect /tree/logs/a.log
run anyfs copy --delete "$a:/tree/." out
run anyfs copy --delete tree/. "$a:/tree"
run anyfs copy --delete "$a:/tree/." out
same_trees tree out

echo "the content of a directory brings the owner, mode and times of the directory"
mkdir top
echo content >top/file
chown 65534:65533 top
chmod 2750 top
setfattr -n user.note -v text top
touch -d '2020-02-02 02:02:02.5' top
run anyfs mkdir "$a" /top
for _ in 1 2; do run anyfs copy --delete top/. "$a:/top"; done
run anyfs diff -q top "$a:/top" | expect ""
run anyfs copy --delete "$a:/top/." "$b:/"
run anyfs diff -q "$a:/top" "$b:/" | expect ""
mkdir topout
run anyfs copy "$b:/." topout
same_trees top topout

echo "--json counts the files that were copied and the directories that were made"
run anyfs copy -u --json tree/. "$a:/tree" | matches '"files": 0' || fail "files that were skipped are counted"
echo newest >tree/file
run anyfs copy -u --json tree/. "$a:/tree" | matches '"files": 2,' || fail "a changed file is not counted"
run anyfs copy --json top "$a:/counted" | matches '"files": 2,' || fail "a new directory is not counted"

echo "owners, globs, results"
run anyfs copy --chown 7:8 tree "$b:/owned"
anyfs find "$b" /owned -not -uid 7 -o -not -gid 8 | expect ""
run anyfs copy --no-owner tree "$b:/mine"
anyfs find "$b" /mine -not -uid 0 | expect ""
mkdir some
run anyfs copy "$a:/tree/*e*" "$a:/tree/logs/a.txt" some
find some -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | expect "a.txt
added
file"
anyfs copy --json tree "$a:/missing/x" >json || :
python3 -c 'import json; v = json.load(open("json")); assert v["failed"] and v["exit"] == 1, v'

echo "names with colons, and refusals"
mkdir with:
run anyfs copy "$a:/tree/file" with://
run anyfs copy with://file "$a:/from-colon"
anyfs cat "$a" /from-colon | expect newest
refuse "is in an image: write IMAGE:/PATH" anyfs copy tree out
refuse "all sources must be on the host, or in one image" anyfs copy tree "$a:/tree" out
refuse "/new: No such file or directory; create it first with mkdir -p" anyfs copy tree "$a:/new/sub"
refuse "/new: No such file or directory; create it first with mkdir -p" anyfs put "$a" tree/file /new/sub/
refuse "missing: No such file" anyfs copy missing "$a:/x"
refuse "/missing: No such file" anyfs copy "$a:/missing" out
refuse "no-such-user: no such user" anyfs copy --chown no-such-user tree "$a:/x"
check_fs ext4 "$a"
check_fs xfs "$b"
