#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A Node.js without JSPI runs the same tests: it reads and writes file systems, image formats,
# LUKS, LVM2 and arrays on several images.  With JSPI the option "suspension" chooses between JSPI
# and Asyncify.
#
# timeout: 3600
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

old=$(command -v node)
"$old" -e 'process.exit("Suspending" in WebAssembly ? 1 : 0)' ||
	skip "$old has JSPI, so it cannot show that engines without it work"

image_ext4 "$here" ext4.img
run wasm suspension.mjs "$img" asyncify
run wasm suspension.mjs "$img" jspi
run "$old" "$here/suspension.mjs" "$img"

export WASM_NODE=$old
for name in read write formats volumes several; do
	mkdir "$name"
	(cd "$name" && run "$here/test-wasm-$name.sh")
done
