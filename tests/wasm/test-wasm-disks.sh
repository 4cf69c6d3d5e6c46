#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A block request of several pieces is one read or write of the source, whether the source answers
# at once or later.  Numbers and strings are read and written in the memory of a kernel.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

wasm disks.mjs
wasm memory.mjs
