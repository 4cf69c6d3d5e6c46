#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The first commands of a newcomer work: make help and ./run.
. "${0%/*}/../lib.sh"
run make -s -C "$ANYFS_TOP" help >out
for target in demo test kernel lib tools bench lint install; do
	grep -q "^make $target " out || fail "make help does not list $target: $(cat out)"
done
run "$ANYFS_TOP/run" anyfs --version >out
grep -q '^anyfs ' out || fail "./run anyfs --version: $(cat out)"
cd /
run "$ANYFS_TOP/run" anyfs --version >/dev/null
code=0
"$ANYFS_TOP/run" no-such-tool 2>"$OLDPWD/err" || code=$?
[ $code -eq 127 ] || fail "a missing tool: exit $code"
