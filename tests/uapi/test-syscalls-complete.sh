#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every number of the kernel's system-call table has a declared function, and
# the library defines all that are declared.
. "${0%/*}/../lib.sh"
include=$ANYFS_BUILD/include/lkl
[ -e "$include/syscalls.h" ] || skip "the kernel's headers are not built"
requires nm --version
sed -n 's/^#define __lkl__NR_\([a-z0-9_]*\)[[:space:]][[:space:]]*[0-9]*$/lkl_sys_\1/p' \
	"$include/asm/unistd_64.h" | grep -vx lkl_sys_syscalls | sort >numbers
grep -oE '^long lkl_sys_[a-z0-9_]+' "$include/syscalls.h" | cut -d' ' -f2 | sort >declared
nm -D --defined-only --without-symbol-versions --format=just-symbols "$ANYFS_BUILD/lib/libanyfs.so" | sort >defined
[ "$(wc -l <numbers)" -gt 300 ] || fail "only $(wc -l <numbers) system calls"
missing=$(comm -23 numbers declared)
[ -z "$missing" ] || fail "not declared: $missing"
missing=$(comm -23 declared defined)
[ -z "$missing" ] || fail "declared, not defined: $missing"
