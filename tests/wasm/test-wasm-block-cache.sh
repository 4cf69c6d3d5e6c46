#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The block cache for Blobs and addresses returns the right bytes, fetches large pieces for a
# sequential reader and no more than needed for others, and repeats a failed fetch.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

wasm block-cache.mjs
