#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --print0 ends entries with a NUL byte and escapes nothing, as the options of ls, grep, du and
# sha256sum do; find, grep and du print the same bytes for the same tree.
. "${0%/*}/../lib.sh"
mkdir -p "tree/a b" tree/empty
odd=$(printf 'new\nline\t\\ \x1b[31m')
for name in plain "$odd" "a b/x"; do echo hello >"tree/$name"; done
image_ext4 tree
run anyfs rm -r "$img" /lost+found

cd tree
# ls of coreutils 9.1 has --zero; find has -print0 on every system.
find . -mindepth 1 -maxdepth 1 -printf '%f\0' | LC_ALL=C sort -z >../names
find . -mindepth 1 -printf '/%P\0' | LC_ALL=C sort -z >../paths
find . -type f -print0 | LC_ALL=C sort -z | sed -z 's,^\.,,' >../files
find . -type f -print0 | LC_ALL=C sort -z | sed -z 's,^\./,,' | xargs -0 sha256sum --zero >../sums
cd ..
anyfs ls --print0 "$img" / | same - names
anyfs ls --zero "$img" / | same - names
anyfs ls -R --print0 "$img" / | LC_ALL=C sort -z | same - paths
printf '%s\0' "$odd" >last
anyfs ls -l --print0 "$img" "/$odd" | sed -z 's,^[^/]*/,,' | same - last
anyfs grep -rl --print0 "$img" hello | LC_ALL=C sort -z | same - files
anyfs grep -rlZ "$img" hello | LC_ALL=C sort -z | same - files
anyfs hash --format sha256sum --print0 "$img" | LC_ALL=C sort -z -k 2 >ours
LC_ALL=C sort -z -k 2 sums | same ours -
anyfs hash --print0 "$img" | tr '\0' '\n' | grep -c "$(printf '\t6\t')" | expect 3
anyfs du -a --print0 "$img" / | sed -z 's/^[0-9]*\t//' | LC_ALL=C sort -z >ours
{ cat paths; printf '/\0'; } | LC_ALL=C sort -z | same ours -
anyfs du -0s "$img" /empty | tr '\0' '!' | matches '^[0-9]*.\/empty!$' || fail "$(anyfs du -0s "$img" /empty)"

echo "The names work as arguments."
anyfs ls -R --print0 "$img" / | grep -zv '^/empty$\|^/a b$' | xargs -0 anyfs cat "$img" |
	expect "hello
hello
hello"
refuse "does not go with" anyfs hash --print0 --format mtree "$img"
