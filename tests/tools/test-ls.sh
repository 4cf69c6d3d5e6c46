#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs ls prints the names of a directory, with -R those of the whole tree, with -l
# the details.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc/deep/er
echo a >tree/etc/a
echo bb >tree/etc/b
ln -s a tree/etc/link
chmod 751 tree/etc/b
touch -d '2024-02-03 04:05:06 UTC' tree/etc/b
image_ext4 tree
run anyfs ls "$img" /etc >out
printf '%s\n' a b deep link | cmp - out || fail "names: $(cat out)"
run anyfs ls "$img" >out
grep -qx etc out || fail "the root lacks etc: $(cat out)"
TZ=UTC run anyfs ls -l "$img" /etc >out
grep -Eq '^-rwxr-x--x .* 3 .*2024-02-03 04:05.* b$' out || fail "details: $(cat out)"
grep -Eq '^l.* link -> a$' out || fail "link: $(cat out)"
run anyfs ls -R "$img" /etc >out
grep -q 'deep/er' out || fail "tree: $(cat out)"
run anyfs ls "$img" /etc/a >out
grep -q 'a$' out || fail "one file: $(cat out)"
