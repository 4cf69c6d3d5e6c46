#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get copies a file or a tree with its modes, times, links and holes.
. "${0%/*}/../lib.sh"
mkdir -p tree/d/sub/deep tree/empty-dir
echo one >tree/d/one
head -c 3000000 /dev/urandom >tree/d/sub/large
truncate -s 5M tree/d/sparse
ln -s ../one tree/d/sub/link
ln -s /nowhere tree/d/dangling
chmod 600 tree/d/one
chmod 555 tree/d/sub/deep
touch -d '2001-02-03 04:05:06' tree/d/one tree/d/sub/deep
image_ext4 tree
run anyfs get "$img" /d out
diff -r --no-dereference tree/d out
[ "$(stat -c '%a %Y' out/one)" = "$(stat -c '%a %Y' tree/d/one)" ] || fail "mode or time of a file"
[ "$(stat -c '%a %Y' out/sub/deep)" = "$(stat -c '%a %Y' tree/d/sub/deep)" ] || fail "mode or time of a directory"
[ "$(readlink out/dangling)" = /nowhere ] || fail "a dangling link"
run anyfs get "$img" /d/one single
same single tree/d/one
mkdir into
run anyfs get "$img" /d/one /d/sub into
same into/one tree/d/one
same into/sub/large tree/d/sub/large
