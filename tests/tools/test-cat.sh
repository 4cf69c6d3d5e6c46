#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs cat: small, empty, large and sparse files, several at once, through links.
. "${0%/*}/../lib.sh"
mkdir -p tree/d
echo hello >tree/hello
: >tree/empty
head -c 9000001 /dev/urandom >tree/d/large
truncate -s 3M tree/sparse
printf end >>tree/sparse
ln -s /d/large tree/absolute
ln -s ../../../d/large tree/d/up
ln -s d/../hello tree/relative
image_ext4 tree
run anyfs cat "$img" /hello | expect hello
run anyfs cat "$img" hello | expect hello
run anyfs cat "$img" /empty | expect ""
run anyfs cat "$img" /d/large >out; same out tree/d/large
run anyfs cat "$img" /sparse >out; same out tree/sparse
run anyfs cat "$img" /absolute >out; same out tree/d/large
run anyfs cat "$img" /d/up >out; same out tree/d/large
run anyfs cat "$img" /relative /hello | expect $'hello\nhello'
cp "$img" before
run anyfs cat "$img" /hello >out
same "$img" before
