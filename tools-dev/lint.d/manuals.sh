#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that every symbol which the library exports is in a manual page of section 3, and
# that the pages of handles have the prototype and a description of each function.  The
# lkl_sys_*() calls are those of section 2; lkl(3) names them together.
lib=build/lib/libanyfs.so
[ -f $lib ] || { echo "$lib: missing: run make first"; exit 1; }
bad=0
for name in $(nm -D --defined-only --without-symbol-versions --format=just-symbols $lib | grep -Ev '^(lkl_sys_|ANYFS_1$)'); do
	grep -qw -- "$name" docs/man/*.3 ||
		{ echo "$name is exported, but in no page of docs/man/*.3"; bad=1; }
done

# No page may document a function that does not exist, or have a function only in its synopsis.
exported=$(nm -D --defined-only --without-symbol-versions --format=just-symbols $lib)
for page in docs/man/anyfs_*.3; do
	while read -r name; do
		grep -qx "$name" <<<"$exported" ||
			{ echo "$page: $name is not exported"; bad=1; }
		[ "$(grep -cE "^\.Fn $name( |$)" "$page")" -ge 2 ] ||
			{ echo "$page: $name has no prototype or no description"; bad=1; }
	done < <(sed -n 's/^\.Fn \(anyfs_[a-z_]*\).*/\1/p' "$page" | sort -u)
done
exit $bad
