#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A btrfs over two devices opens through either of them, also with one missing, and writes go
# to both.
. "${0%/*}/../lib.sh"
requires mkfs.btrfs --version
mkdir tree
echo inside >tree/file
head -c 300000 /dev/urandom >tree/random
truncate -s 130M a b
make_btrfs -m raid1 -d raid1 a b
run anyfs put --member b a tree/file tree/random /
sha256sum a b >sums

for first in a b; do
	other=$([ $first = a ] && echo b || echo a)
	run anyfs cat --member "$other" "$first" /file | expect inside
	run anyfs cat --member "$other" "$first" /random >got
	same got tree/random
	refuse "the btrfs lacks 1 of its 2 devices|--member|--degraded" anyfs ls "$first"
	run anyfs cat --degraded "$first" /random >got
	same got tree/random
done
run sha256sum -c --quiet sums

# Writes go to both devices.
echo new >new
run anyfs put --member b a new /
run anyfs cat --degraded b /new | expect new
run anyfs cat --degraded a /new | expect new
run btrfs check --readonly --force a >log 2>&1 || fail "$(cat log)"
