#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The sessions of @anyfs/core list partitions, enter one, and read its files by descriptors
# and streams.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_tree fat-tree
make_unix_tree tree
image_gpt fat-tree tree
wasm session.mjs "$img"
