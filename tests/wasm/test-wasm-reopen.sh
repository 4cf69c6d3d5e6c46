#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Opening and closing a disk 500 times does not use more and more memory, in Node.js, in a page,
# and with kernels in workers.
#
# timeout: 1800
. "${0%/*}/lib-wasm.sh"

mkdir tree
echo content >tree/file
image_ext4 tree disk.img 8M
export NODE_OPTIONS=--expose-gc
wasm reopen.mjs disk.img /file 500
chromium reopen.mjs disk.img /file 500
chromium reopen.mjs disk.img /file 150 worker
