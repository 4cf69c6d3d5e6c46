#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Errors of @anyfs/core have codes and name the path; paths cannot leave a file system; if one
# kernel ends, others continue.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
image_ext4 tree ext4.img
wasm errors.mjs "$img"
