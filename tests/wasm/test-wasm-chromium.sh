#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A page of Chromium, served without special headers, reads a disk image that the user has
# chosen, and writes one in the origin's own files.
#
# timeout: 300
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

export ANYFS_NPM=$ts/package.json
make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
disk=$img
image_ext4 tree ext4.img

wasm chromium.mjs "$disk" fat-tree tree "$img" changed.img
run e2fsck -fn changed.img
anyfs cat changed.img "/from a page/text" | expect "written in a page"
anyfs cat changed.img /renamed | expect 'NAME="anyfs test"'
refuse "os-release" anyfs cat changed.img /os-release
