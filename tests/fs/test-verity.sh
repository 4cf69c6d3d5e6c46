#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# dm-verity is opened over an image whose hash tree veritysetup has made.  Reading a byte that was
# changed is an error.
. "${0%/*}/../lib.sh"
requires veritysetup --version
head -c 1M /dev/zero >data.img
scratch_image 1M hash.img
veritysetup format --hash=sha256 --salt=- data.img hash.img >format.out
root=$(sed -n 's/^Root hash:[[:space:]]*//p' format.out)
[ ${#root} -eq 64 ] || fail "$(cat format.out)"
program fs/verity data.img hash.img "$root" good
printf x | dd of=data.img bs=1 seek=500000 conv=notrunc status=none
program fs/verity data.img hash.img "$root" bad
