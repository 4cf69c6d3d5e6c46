#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Paths that are not there, or are not what the verb wants.
. "${0%/*}/../lib.sh"
mkdir -p tree/d
echo hello >tree/hello
ln -s loop tree/loop
ln -s nowhere tree/dangling
image_ext4 tree
refuse "/missing|No such file" anyfs cat "$img" /missing
refuse "/missing|No such file" anyfs ls "$img" /missing
refuse "/missing|No such file" anyfs stat "$img" /missing
refuse "/missing|No such file" anyfs hash "$img" /missing
refuse "/missing|No such file" anyfs get "$img" /missing out
refuse "/d|s a directory" anyfs cat "$img" /d
refuse "/hello/x|ot a directory" anyfs cat "$img" /hello/x
refuse "/loop" anyfs cat "$img" /loop
refuse "/dangling|No such file" anyfs cat "$img" /dangling
refuse "" anyfs cat "$img" "/$(printf 'n%.0s' $(seq 300))"
refuse "out/of/nowhere" anyfs get "$img" /hello out/of/nowhere/file
# What can be read is read, although one path fails.
code=0
anyfs cat "$img" /missing /hello >out 2>err || code=$?
[ $code -ne 0 ] || fail "exit 0 although a path is missing"
expect hello <out
