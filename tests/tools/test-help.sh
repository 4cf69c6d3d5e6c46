#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --help and --version go to stdout with exit 0; wrong use is told in one line.
. "${0%/*}/../lib.sh"
run anyfs --help >out
for verb in ls cat get put stat hash parts mkdir rm mv ln chmod chown touch truncate setfattr sync tar-in tar-out mkfs; do
	grep -qw "$verb" out || fail "--help does not tell of $verb"
done
run anyfs --version >out
grep -Eq '^anyfs [0-9]+\.[0-9]+' out || fail "version: $(cat out)"
grep -q '6\.12\.' out || fail "--version does not name the kernel: $(cat out)"
run anyfs-lspart --help >out
refuse "no-such-verb" anyfs no-such-verb
refuse "" anyfs ls
refuse "" anyfs ls --no-such-option disk.img
