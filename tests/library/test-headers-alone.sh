#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every public header compiles alone, as C99 and as C++, without a warning.
. "${0%/*}/../lib.sh"
include=$ANYFS_BUILD/include
headers=$(cd "$include" && echo ./*.h)
uapi=$(cd "$include" && find lkl -name '*.h' | sort)
[ -n "$uapi" ] || fail "no header below $include/lkl"

compile() {	# LANGUAGE HEADER
	local flags=(-std=c99 -x c)
	[ "$1" = c ] || flags=(-x c++)
	printf '#include <%s>\n' "$2" |
		cc "${flags[@]}" -Wall -Wextra -Werror -pedantic-errors -Wno-long-long \
			-fsyntax-only -I"$include" -
}

for header in $headers; do
	header=${header#./}
	compile c "$header" || fail "$header as C99"
	compile c++ "$header" || fail "$header as C++"
done
# The kernel's headers that programs include most.  Some others need another header first, also
# in the kernel's tree.
for header in lkl/linux/stat.h lkl/linux/fcntl.h lkl/linux/fs.h lkl/linux/mount.h \
	lkl/linux/time.h lkl/linux/types.h lkl/asm/unistd.h; do
	grep -qx "$header" <<<"$uapi" || fail "$header is not there"
	printf '#include <%s>\n' "$header" |
		cc -std=gnu11 -x c -Werror -fsyntax-only -I"$include" - || fail "$header as C"
done
