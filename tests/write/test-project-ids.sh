#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Project ids of quotas, and flags of chattr that no archive holds: mv between file systems of
# an image keeps them, put over a file keeps those of that file, and a message reports each loss.
. "$ANYFS_TOP/tests/write/lib-write.sh"
requires mkfs.ext4 -V
requires debugfs -V
requires sgdisk --version

mkdir -p tree/dir
echo one >tree/dir/one
echo plain >tree/plain
echo no-atime >tree/no-atime
scratch_image 80M
sgdisk -o -n 1:2048:+16M -n 2:0:+16M -n 3:0:+16M "$img" >sgdisk.log
for p in 1 2; do
	run anyfs mkfs "$img/p$p" ext4 -- -q -O project,quota -I 256
done
run anyfs mkfs "$img/p3" ext4 -- -q -O ^project
run anyfs put "$img" tree/. /p1
at() { echo "$img?offset=$((1048576 + ($1 - 1) * 16777216))"; }
set_inode() { debugfs -w -R "sif $2 $3 $4" "$(at "$1")" 2>debugfs.err; }
project() { debugfs -R "stat $2" "$(at "$1")" 2>debugfs.err | sed -n 's/.*Project: *\([0-9]*\).*/\1/p'; }
flags() { debugfs -R "stat $2" "$(at "$1")" 2>debugfs.err | sed -n 's/.*Flags: \(0x[0-9a-f]*\).*/\1/p'; }
set_inode 1 /dir projid 7
set_inode 1 /dir flags 0x20080000	# gives its id to new files
set_inode 1 /dir/one projid 7
set_inode 1 /plain projid 9
set_inode 1 /no-atime flags 0x80080
project 1 /dir/one | expect 7
e2fsck -fy "$(at 1)" >fsck.log || true	# counts the quotas of the projects again

echo "get and tar-out say what they do not keep"
lost='project id not kept; files that lost theirs: 3'
for verb in get tar-out; do
	code=0
	if [ $verb = get ]; then
		anyfs get "$img" /p1 out 2>err || code=$?
	else
		anyfs tar-out "$img" /p1 >out.tar 2>err || code=$?
	fi
	[ $code -eq 1 ] || fail "$verb: exit $code"
	grep -q "/p1/.*: $lost" err || fail "$verb: $(cat err)"
	grep -q 'note: flags of chattr(1) of 2 files not kept: AP' err || fail "$verb: $(cat err)"
	[ "$(wc -l <err)" -eq 2 ] || fail "$verb: $(cat err)"
done
run anyfs get --no-owner "$img" /p1 out2
run anyfs tar-out --no-owner "$img" /p1 >out.tar
anyfs get --no-owner --no-flags "$img" /p1 out3 2>err || fail "$(cat err)"
expect "" <err

echo "put over a file keeps its project id"
echo new | run anyfs put "$img" - /p1/plain
project 1 /plain | expect 9
echo newer >newer
run anyfs put --no-keep "$img" newer /p1/plain
project 1 /plain | expect 0
run anyfs put "$img" newer /p1/dir/in-project
project 1 /dir/in-project | expect 7

echo "mv keeps both where the other file system has them"
run anyfs mv "$img" /p1/dir /p1/no-atime /p2
project 2 /dir | expect 7
project 2 /dir/one | expect 7
flags 2 /dir | expect 0x20080000
flags 2 /no-atime | expect 0x80080
refuse "No such file" anyfs cat "$img" /p1/dir/one

echo "mv into a directory of a project gives the files its id"
set_inode 1 /plain projid 9
e2fsck -fy "$(at 1)" >fsck.log || true
run anyfs mv "$img" /p1/plain /p2/dir
project 2 /dir/plain | expect 7

echo "mv to a file system without project ids fails, and the source stays"
code=0
anyfs mv "$img" /p2/dir /p3 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q '/p2/dir.*: project id not kept; files that lost theirs: 4$' err || fail "$(cat err)"
run anyfs cat "$img" /p2/dir/one | expect one
run anyfs cat "$img" /p3/dir/one | expect one
for p in 1 2 3; do
	run e2fsck -fn "$(at $p)"
done
