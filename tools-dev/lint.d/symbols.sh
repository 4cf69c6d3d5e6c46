#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Check that the library exports only anyfs_* and lkl_* symbols, and that every exported
# symbol is declared in a public header.
lib=build/lib/libanyfs.so
[ -f $lib ] || { echo "$lib: missing: run make first"; exit 1; }
strange=$(nm -D --defined-only --without-symbol-versions --format=just-symbols $lib | grep -Ev '^((anyfs|lkl)_|ANYFS_1$)')
[ -z "$strange" ] || { echo "$lib exports:" "$strange"; exit 1; }
bad=0
for name in $(nm -D --defined-only --without-symbol-versions --format=just-symbols $lib | grep -Ev '^(lkl_sys_|ANYFS_1$)'); do
	grep -rqw "$name" include build/gen build/include/lkl* 2>/dev/null ||
		{ echo "$lib: $name is exported, but not declared in a public header"; bad=1; }
done
exit $bad
