#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# To read an ext4 that was not unmounted, the wasm kernel replays its journal in memory; the
# image does not change.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

mkdir tree
image_ext4 tree ext4.img
wasm dirty.mjs "$img"
dumpe2fs -h "$img" 2>/dev/null | grep -q needs_recovery || fail "the journal is empty"
cp "$img" before
wasm cat.mjs "$img" /kept | expect "synced"
same "$img" before
