#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the reader of anyfs cat closes the pipe early, anyfs cat ends without a crash or
# a hang.
. "${0%/*}/../lib.sh"
mkdir tree
head -c 20000000 /dev/zero >tree/large
image_ext4 tree
set +o pipefail
anyfs cat "$img" /large 2>err | head -c 10 >out
code=${PIPESTATUS[0]}
[ "$(stat -c %s out)" -eq 10 ] || fail "read $(stat -c %s out) bytes"
[ "$code" -eq 141 ] || [ "$code" -le 125 ] || fail "exit $code: $(cat err)"
# A full device is reported as an error.
[ -w /dev/full ] || exit 0
code=0
anyfs cat "$img" /large >/dev/full 2>err || code=$?
[ "$code" -ne 0 ] || fail "exit 0 although nothing could be written"
grep -q 'No space left' err || fail "no reason: $(cat err)"
