#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every symbol that the library exports is in a manual page of section 3.  The
# lkl_sys_*() calls are those of section 2 and stand together in lkl(3).
lib=build/lib/libanyfs.so
[ -f $lib ] || { echo "$lib: not there: run make first"; exit 1; }
bad=0
for name in $(nm -D --defined-only --without-symbol-versions --format=just-symbols $lib | grep -Ev '^(lkl_sys_|ANYFS_1$)'); do
	grep -qw -- "$name" docs/man/*.3 ||
		{ echo "$name is exported, but in no page of docs/man/*.3"; bad=1; }
done
exit $bad
