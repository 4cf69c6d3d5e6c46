#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A program written for the Linux Kernel Library compiles as C and as C++, and works
# unchanged.
. "${0%/*}/../lib.sh"
mkdir -p fat/dir root/dir
touch root/dir/{a,b,c}
echo "in root" >root/dir/file
image_gpt fat root
export PKG_CONFIG_PATH=$ANYFS_BUILD/lib/pkgconfig
for compiler in "cc -Wall -Werror" "c++ -x c++ -fpermissive"; do
	# shellcheck disable=SC2046,SC2086  # words are meant to be split
	run $compiler "$ANYFS_TOP/tests/lkl/program.c" -o program $(pkg-config --cflags --libs anyfs)
	run ./program "$img" 2 ext4 dir dir/file |
		expect $'4 entries\nin root\n4 entries\nin root'
done
before=$(sha256sum <"$img")
if ./program "$img" 3 ext4 dir dir/file 2>err; then
	fail "there is no partition 3"
fi
grep -q "No such device" err || fail "$(cat err)"
[ "$before" = "$(sha256sum <"$img")" ] || fail "the image has changed"
