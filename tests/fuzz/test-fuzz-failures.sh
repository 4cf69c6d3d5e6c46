#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The fuzz tester detects and counts each kind of failure that an image can cause in its kernel,
# ends the process of a kernel that hangs, and continues.  Its options simulate each failure.
. "$(dirname "$0")/../lib.sh"

mkdir tree
echo text >tree/file
image_ext4 tree

outcome() {
	(program fuzz/fuzz --images 10 --timeout 10 --play "$1" ext4 "$img") >out 2>err ||
		[ $? -eq "$2" ] || fail "$(cat err)"
	grep -E "$3" out || fail "no \"$3\" in: $(cat out)"
	grep -q "^total ext4 images 10 " out || fail "did not continue: $(cat out)"
}

outcome bug 0 "image 3 ended its kernel: .*played"
outcome fault 0 "image 3 ended its kernel: .*Segmentation fault"
outcome abort 1 "image 3 ended its process: .*Aborted"
outcome hang 0 "image 3 hung: ended after 10 s"
