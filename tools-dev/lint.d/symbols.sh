#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The library exports anyfs_* and lkl_* only; rooms of lib/ have no global
# name that could be taken for theirs without being in a public header.
lib=build/lib/libanyfs.so
[ -f $lib ] || { echo "$lib: not there: run make first"; exit 1; }
strange=$(nm -D --defined-only --format=just-symbols $lib | grep -Ev '^(anyfs|lkl)_')
[ -z "$strange" ] || { echo "$lib exports:" "$strange"; exit 1; }
bad=0
for name in $(nm -D --defined-only --format=just-symbols $lib | grep -v '^lkl_sys_'); do
	grep -rqw "$name" include build/gen build/include/lkl* 2>/dev/null ||
		{ echo "$lib: $name is exported, but in no public header"; bad=1; }
done
exit $bad
