#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Reading does not change a byte of the image, even if the file system has a journal
# to replay.
. "${0%/*}/../lib.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
# A dirty superblock: a mount would replay the journal and write.
run debugfs -w -R 'feature needs_recovery' "$img" >debugfs.log 2>&1
cp "$img" before
run anyfs cat "$img" /hello | expect hello
run anyfs ls "$img" >out
run anyfs parts "$img" >out
same "$img" before
chmod 444 "$img"
run anyfs cat "$img" /hello | expect hello
# The access time must not change either.
touch -a -d @1000000000 "$img"
run anyfs cat "$img" /hello | expect hello
run anyfs parts "$img" >out
[ "$(stat -c %X "$img")" = 1000000000 ] || fail "the access time has changed"
