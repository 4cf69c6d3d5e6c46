#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The cache of blocks for Blobs and addresses: right bytes, large pieces for a sequential reader,
# no more than needed for others, and a failed fetch is repeated.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

wasm block-cache.mjs
