#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel objects import no symbol and export exactly one.
. "${0%/*}/../lib.sh"
requires readelf --version
for flavour in kernel kernel-nommu; do
	object=$ANYFS_BUILD/lib/anyfs/$flavour.so
	[ -f "$object" ] || fail "$object was not built"
	nm -D --undefined-only "$object" >undefined
	[ ! -s undefined ] || fail "$flavour.so imports: $(head -3 undefined)"
	nm -D --defined-only --format=just-symbols "$object" | expect lkl_entry
	readelf -dW "$object" >dynamic
	! grep -q NEEDED dynamic || fail "$flavour.so needs a library: $(grep NEEDED dynamic)"
	! grep -q TEXTREL dynamic || fail "$flavour.so has text relocations"
	readelf -lW "$object" | matches 'GNU_STACK.*RWE' && fail "$flavour.so wants an executable stack"
done
exit 0
