#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each parser accepts files that the tool of its format writes, and damaged copies of them
# crash nothing.
. "$(dirname "$0")/../lib.sh"
here=${0%/*}

run "$here/parser-seeds" seeds
for name in formats crypt volumes hfs ntfs paths pipes; do
	files=(seeds/"$name"/*)
	[ -e "${files[0]}" ] || skip "no seed for $name could be made"
	parses $name 40 "${files[@]}"
done

# Hostile inputs that random damage does not produce.
mkdir hostile
for input in $(python3 "$here/make-hostile.py" list); do
	run python3 "$here/make-hostile.py" "$input" "hostile/$input"
	name=${input%%-*}
	flavour=
	[ ! -x "$ANYFS_BUILD/asan/meson/tests/fuzz/parse-$name" ] || flavour=asan
	ANYFS_FLAVOUR=$flavour program "fuzz/parse-$name" "hostile/$input" >counted
	grep -q ': 0 of 1 were accepted' counted || fail "$input is accepted"
done
