#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every header below lkl/ compiles alone, twice in one file, and after the C library's headers:
# as C99, and as C++.
. "${0%/*}/../lib.sh"
here=$ANYFS_TOP/tests/uapi
include=$ANYFS_BUILD/include
[ -d "$include/lkl" ] || skip "the kernel's headers are not built"
requires g++ --version

list() {	# LANGUAGE: headers that must compile
	awk -v lang="$1" '/^[^#]/ && ("," $1 ",") ~ ("," (lang == "c" ? "c" : "c[+][+]") ",") { print $2 }' \
		"$here/not-self-contained" | sort >"not-$1"
	(cd "$include/lkl" && find . -name '*.h' | cut -c3- | sort) | comm -23 - "not-$1"
}

# Precompile the C library's headers.
mkdir c c++
cp "$here/host-headers.h" c/host.h
cp "$here/host-headers.h" c++/host.h
cc_c=(gcc -std=c99 -D_GNU_SOURCE)
cc_cxx=(g++)
"${cc_c[@]}" -x c-header c/host.h -o c/host.h.gch
"${cc_cxx[@]}" -x c++-header c++/host.h -o c++/host.h.gch

alone() {	# LANGUAGE HEADER...: compile one file with each header twice
	local lang=$1 cc=("${cc_c[@]}") h
	shift
	[ "$lang" = c ] || cc=("${cc_cxx[@]}")
	for h in "$@" "$@"; do
		printf '#include <lkl/%s>\n' "$h"
	done | "${cc[@]}" -x "$lang" -I"$lang" -include host.h -I"$include" -Wall -Werror -fsyntax-only -
}

report() {	# NAME LANGUAGE HEADER
	alone "$2" "$3" >"$1.log" 2>&1 || echo "$2: $3: $(grep -m1 error "$1.log")" >>"$1.failed"
}

work() {	# NAME HEADER...: in C each alone; in C++ all in one file, or each alone if that fails
	local name=$1 h cxx
	shift
	for h in "$@"; do
		report "$name" c "$h"
	done
	mapfile -t cxx < <(printf '%s\n' "$@" | comm -23 - not-c++)
	alone c++ "${cxx[@]}" >/dev/null 2>&1 && return
	for h in "${cxx[@]}"; do
		report "$name" c++ "$h"
	done
}

list c++ >/dev/null			# makes not-c++
list c >all
[ "$(wc -l <all)" -gt 500 ] || fail "only $(wc -l <all) headers below $include/lkl"
split -n l/2 all half.
for half in half.a?; do
	xargs -n 40 <"$half" >"$half.groups"
	: >"$half.failed"
	while read -r -a group; do
		work "$half" "${group[@]}"
	done <"$half.groups" &
done
wait
failed=$(cat half.*.failed)
[ -z "$failed" ] || fail "not alone: $failed"
