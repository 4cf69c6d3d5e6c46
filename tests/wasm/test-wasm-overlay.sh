#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# With an overlay an image can be changed without a byte of it being written, and the changed
# disk can be exported.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
image_ext4 tree ext4.img
before=$(sha256sum <"$img")
wasm overlay.mjs "$img" exported.img
[ "$(sha256sum <"$img")" = "$before" ] || fail "$img has changed"
run e2fsck -fn exported.img
anyfs cat exported.img /new | expect "kept in memory"
anyfs cat exported.img /deep/moved | expect 'NAME="anyfs test"'
refuse "later" anyfs cat exported.img /later
