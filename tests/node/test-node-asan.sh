#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ASan and UBSan find no fault in the C code of the module, in the tests of disks, archives and
# isolated kernels.
. "${0%/*}/../lib.sh"
export ANYFS_BUILD=$ANYFS_TOP/build/asan
[ -f "$ANYFS_BUILD/lib/node_modules/@anyfs/native-linux-x64/anyfs.node" ] ||
	skip "the module with sanitizers is not built: make node-asan"

# Node.js itself is not built with sanitizers, so their libraries must be loaded first.
mkdir wrap
cat >wrap/node <<END
#!/bin/sh
export LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1
export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1
exec $(command -v node) "\$@"
END
chmod +x wrap/node
export PATH=$PWD/wrap:$PATH
for name in disk custom-disk tar isolated; do
	mkdir "$name"
	(cd "$name" && export HOME=$PWD && run "$ANYFS_TOP/tests/node/test-node-$name.sh")
done
