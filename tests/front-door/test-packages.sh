#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every package of the list has a reason, and install-deps does nothing and prints nothing if all
# packages are installed.
. "${0%/*}/../lib.sh"
while read -r name why; do
	case $name in ''|'#'*) continue ;; esac
	[ -n "$why" ] || fail "tools-dev/packages: $name: no reason"
done <"$ANYFS_TOP/tools-dev/packages"
requires dpkg-query --version
"$ANYFS_TOP/tools-dev/install-deps" >out 2>&1 </dev/null || skip "packages are missing here: $(tail -1 out)"
[ ! -s out ] || fail "says: $(cat out)"
