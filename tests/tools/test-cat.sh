#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs cat prints small, empty, large and sparse files, several files, and files that links lead
# to.
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

# Test --range.
range() { run anyfs cat --range "$1" "$img" "${@:2}"; }
range 1:3 /hello | expect ell
range 2: /hello /hello | expect $'llo\nllo'
range -3 /hello | expect lo
range -100 /hello | expect hello
range 100:5 /hello | expect ""
range 1M:2M /d/large >out
dd if=tree/d/large bs=1M skip=1 count=2 status=none | cmp - out
range 3M:3 /sparse | expect end
refuse "--range 5|OFFSET:LENGTH" anyfs cat --range 5 "$img" /hello
refuse "--range" anyfs cat --range x:1 "$img" /hello
