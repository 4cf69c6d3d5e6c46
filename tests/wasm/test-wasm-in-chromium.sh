#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of Node.js pass in a page of Chromium, too: it reads and writes file systems, image
# formats, LUKS, LVM2 and arrays on several images, and errors have the same codes.
#
# timeout: 3600
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

export WASM_HOST=chromium
for name in read write formats volumes several errors matrix; do
	mkdir "$name"
	(cd "$name" && run "$here/test-wasm-$name.sh")
done
