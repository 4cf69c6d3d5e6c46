#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs cp copies files and trees inside an image like put, and with -a like cp -a.
# Where the file system can share blocks, copies share them.
# root: owners of the copies are compared on the host
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires rsync --version
requires setfattr --version

mkdir -p tree/sub/deep
echo content >tree/file
ln tree/file tree/sub/other-name
ln -s file tree/link
truncate -s 3M tree/sub/holes
echo end >>tree/sub/holes
mkfifo tree/sub/deep/fifo
chown -h 1234:4321 tree/file tree/link tree/sub
chmod 4755 tree/file
touch -h -d '2020-02-02 02:02:02.5' tree/file tree/link tree/sub
setfattr -n user.note -v text tree/file

is_sparse() { [ "$(anyfs stat --json "$img" "$1" | python3 -c 'import json, sys
print(json.load(sys.stdin)[0]["blocks"])')" -lt 1024 ]; }

for type in ext4 xfs btrfs; do
	echo "$type"
	make_fs $type
	run anyfs put -a "$img" tree /
	run anyfs cp -a "$img" /tree /copy
	rm -rf out
	run anyfs get "$img" /copy out
	rsync -nrlptgoDHXi --delete tree/ out/ >differ
	[ ! -s differ ] || fail "differs after cp -a: $(cat differ)"
	is_sparse /copy/sub/holes || fail "the hole was filled"
	[ "$(anyfs stat --json "$img" /copy/file | grep -o "\"ino\": [0-9]*")" = \
	  "$(anyfs stat --json "$img" /copy/sub/other-name | grep -o "\"ino\": [0-9]*")" ] || fail "hard link lost"

	echo "$type, owned by root"
	run anyfs cp -r "$img" /tree /plain
	anyfs find "$img" /plain -not -uid 0 | expect ""
	run anyfs cp "$img" /tree/link /tree/file /plain/sub
	anyfs find "$img" /plain/sub -maxdepth 1 -type f -name 'link' | expect /plain/sub/link
	# A replaced file keeps its mode, and -a replaces that too.
	run anyfs chmod "$img" 600 /plain/file
	run anyfs cp "$img" /tree/sub/holes /plain/file
	anyfs find "$img" /plain/file -perm 600 -size +2M | expect /plain/file
	run anyfs cp -a "$img" /tree/file /plain/file
	anyfs find "$img" /plain/file -perm 4755 -uid 1234 | expect /plain/file
	run anyfs cp "$img" '/tree/s*/hol*' /plain/many
	check_fs $type
done

echo "shared blocks"
make_fs btrfs 256M
head -c 60M /dev/urandom >big
run anyfs put "$img" big /
for i in 1 2 3 4 5; do
	run anyfs cp --reflink "$img" /big /big$i
done
anyfs cat "$img" /big5 | cmp - big
check_fs btrfs
make_fs ext4 64M
run anyfs put "$img" tree /
refuse "/tree/file: not copied: the file system cannot share its blocks" \
	anyfs cp --reflink "$img" /tree/file /new
refuse "/new: No such file" anyfs cat "$img" /new

echo "refusals"
refuse "/tree: not copied: it is a directory; -r" anyfs cp "$img" /tree /t2
refuse "/tree: not copied: the destination is inside this directory" \
	anyfs cp -r "$img" /tree /tree/sub/deep
refuse "source and destination are the same" anyfs cp "$img" /tree/file /tree/file
refuse "source and destination are the same" anyfs cp -r "$img" /tree /
refuse "/missing: not copied: No such file" anyfs cp "$img" /missing /x
anyfs find "$img" /tree -name '.anyfs*' | expect ""
check_fs ext4
