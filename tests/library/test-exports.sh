#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# libanyfs.so exports anyfs_* and lkl_* and nothing else, and every function
# that anyfs.h and anyfs_session.h declare.
. "${0%/*}/../lib.sh"
requires nm --version
nm -D --defined-only --without-symbol-versions --format=just-symbols "$ANYFS_BUILD/lib/libanyfs.so" >exported
strange=$(grep -Ev '^((anyfs|lkl)_|ANYFS_1$)' exported || true)
[ -z "$strange" ] || fail "exports $strange"
nm -D "$ANYFS_BUILD/lib/libanyfs.so" >versions
grep -q ' anyfs_image_open@@ANYFS_1$' versions ||
	fail "functions have no symbol version"
grep -ohP '\banyfs_[a-z_]+\((?!\d\))' "$ANYFS_BUILD"/include/anyfs{,_session}.h | tr -d '(' | sort -u >declared
while read -r name; do
	[[ $name == *_ ]] && continue			# "anyfs_*()" in a comment
	grep -qx "$name" exported || fail "$name is declared, but not exported"
done <declared
