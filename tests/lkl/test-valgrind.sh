#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With the installed suppressions, Valgrind reports nothing for a correct program, and
# reports the fault of an incorrect one.
. "${0%/*}/../lib.sh"
requires valgrind --version
mkdir -p fat/dir root/dir
echo "in root" >root/dir/file
image_gpt fat root
export PKG_CONFIG_PATH=$ANYFS_BUILD/lib/pkgconfig
memcheck="valgrind --quiet --error-exitcode=9 --max-stackframe=8192
	--suppressions=$ANYFS_BUILD/share/anyfs/valgrind.supp"
# shellcheck disable=SC2046  # words are meant to be split
run cc -g "$ANYFS_TOP/tests/lkl/program.c" -o program $(pkg-config --cflags --libs anyfs)
# shellcheck disable=SC2086
run $memcheck ./program "$img" 2 ext4 dir dir/file 2>err |
	expect $'1 entries\nin root\n1 entries\nin root'
grep -v "Warning: \|to suppress, use\|further instances\|^+ " err >faults || true
[ ! -s faults ] || fail "Valgrind: $(cat faults)"

cat >wrong.c <<'SOURCE'
#include <lkl.h>
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
	char *text = malloc(2);

	if (lkl_start_kernel("mem=32M loglevel=1"))
		return 1;
	if (text[0] == 'x')
		puts("x");
	return lkl_sys_halt() ? 1 : 0;
}
SOURCE
# shellcheck disable=SC2046
run cc -g wrong.c -o wrong $(pkg-config --cflags --libs anyfs)
code=0
# shellcheck disable=SC2086
$memcheck ./wrong >out 2>err || code=$?
[ $code -eq 9 ] || fail "exit $code: the fault of a program was not found: $(cat err)"
grep -q "main (wrong.c:10)" err || fail "$(cat err)"
