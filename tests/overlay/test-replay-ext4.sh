#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The journal of an ext4 that was not unmounted is replayed in memory, and the image
# does not change.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-replay.sh"
replays ext4 64M mkfs.ext4 -q
cp ext4.img cleared.img
chmod 600 cleared.img
on_partition ext4.img

# A journal with data whose flag needs_recovery is clear is emptied in memory, as Linux does on disk.
run debugfs -w -R 'feature -needs_recovery' cleared.img 2>/dev/null
chmod 444 cleared.img
cp --sparse=always cleared.img cleared.img.before
anyfs ls cleared.img >got 2>err || fail "exit $?: $(cat err)"
reported_once 'cleared.img: its journal has data, but the flag needs_recovery is clear'
anyfs info cleared.img 2>err | matches '^  journal: *not empty$' || fail "$(cat err)"
anyfs info --json cleared.img 2>/dev/null | matches '"journal": *"not empty"' || fail "no journal in JSON"
same cleared.img cleared.img.before
