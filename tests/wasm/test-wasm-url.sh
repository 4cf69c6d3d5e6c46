#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An image at an address is read by ranges: little of it for a listing, all files correctly,
# and a file that changes on the server is an error.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
scratch_image 256M
run mke2fs -q -t ext4 -d tree "$img"
wasm url.mjs "$img" tree
