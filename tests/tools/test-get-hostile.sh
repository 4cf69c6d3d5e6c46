#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs get never writes outside its destination: existing links are not followed, and existing
# files are replaced, not overwritten.
. "${0%/*}/../lib.sh"
mkdir -p tree/d/sub outside out/d
echo new >tree/d/file
echo new >tree/d/sub/file
ln -s ../../outside tree/link-then-dir
image_ext4 tree
echo old >outside/file
ln -s ../../outside out/d/sub
ln -s ../../outside/file out/d/file
code=0
anyfs get "$img" /d out 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code although a directory was refused"
[ "$(cat outside/file)" = old ] || fail "a file outside was overwritten"
[ "$(ls outside)" = file ] || fail "made outside: $(ls outside)"
[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
grep -q '^anyfs: .*: /d/sub: ' err || fail "does not name the path: $(cat err)"
[ ! -L out/d/file ] || fail "the existing link was not replaced"
same tree/d/file out/d/file
# If the existing file is a hard link, its other name keeps its content.
echo keep >kept
ln kept out/d/other
echo other >tree/d/other
image_ext4 tree
rm out/d/sub
run anyfs get "$img" /d out
[ "$(cat kept)" = keep ] || fail "wrote through a hard link"
# An existing directory is not replaced by a file.
rm out/d/file
mkdir out/d/file
refuse "/d/file|s a directory" anyfs get "$img" /d/file out/d
refuse "no such directory" anyfs get "$img" /d/file /d/other nowhere
refuse "/d" anyfs get "$img" /d kept
