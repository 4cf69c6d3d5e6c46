#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb reports a path that does not exist or has the wrong type for the verb.
. "${0%/*}/lib-errors.sh"
mkdir -p tree/d tree/full/below
echo hello >tree/hello
ln -s loop tree/loop
ln -s nowhere tree/dangling
image_ext4 tree
refused() { refuse "$text" anyfs "$@"; }
text="/missing|No such file" every_verb refused "$img" /missing
text="/hello|ot a directory" every_verb refused "$img" /hello/x
text="" every_verb refused "$img" "/$(printf 'n%.0s' $(seq 300))"
refuse "/loop" anyfs cat "$img" /loop
refuse "/dangling|No such file" anyfs cat "$img" /dangling
refuse "out/of/nowhere" anyfs get "$img" /hello out/of/nowhere/file
refuse "missing|No such file" anyfs put "$img" missing /

# A directory where a file is expected, and a file where a directory is expected.
refuse "/d|s a directory" anyfs cat "$img" /d
refuse "/d|s a directory" anyfs truncate -s 0 "$img" /d
refuse "/d|s a directory" anyfs rm "$img" /d
refuse "/hard|the target is a directory" anyfs ln "$img" /d /hard
refuse "/d" anyfs put "$img" source /full /d/../hello
refuse "/hello" anyfs mkdir "$img" /hello
refuse "/hello" anyfs tar-in "$img" /hello
refuse "/d|ot a directory" anyfs mv "$img" /d /hello
refuse "/full" anyfs mv "$img" /full /full/below/x
run anyfs cat "$img" /hello | expect hello

# If one path fails, the other paths are still read.
code=0
anyfs cat "$img" /missing /hello >out 2>err || code=$?
[ $code -ne 0 ] || fail "exit 0 although a path is missing"
expect hello <out
# If one path fails, the other paths are still changed, and each failure prints a line.
code=0
anyfs chmod --json "$img" 640 /missing /hello /nowhere >out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code although two paths are missing"
[ "$(wc -l <err)" -eq 2 ] || fail "not two lines: $(cat err)"
[ "$(grep -o '"code": "ENOENT"' out | wc -l)" -eq 2 ] || fail "--json: $(cat out)"
[[ $(anyfs ls -l "$img" /hello) == -rw-r-----* ]] || fail "not changed: $(anyfs ls -l "$img" /hello)"
