#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If an image is truncated during use, reads fail with an I/O error and nothing
# crashes.
. "${0%/*}/../lib.sh"
mkdir tree
head -c 20000000 /dev/urandom >tree/large
echo first >tree/a-small-file
image_ext4 tree
# The superblock says 32 MiB; the file has 6.
truncate -s 6M "$img"
code=0
anyfs cat "$img" /large >out 2>err || code=$?
[ $code -ge 1 ] && [ $code -le 125 ] || fail "exit $code: $(cat err)"
[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
grep -q '^anyfs: ' err || fail "does not name the tool: $(cat err)"
# The image shrinks during use: cat has stopped in the middle, because its pipe is full.
image_ext4 tree
mkfifo pipe
anyfs cat "$img" /large >pipe 2>err &
reader=$!
exec 3<pipe
head -c 4096 <&3 >first
truncate -s 1M "$img"
cat <&3 >rest || true
code=0
wait $reader || code=$?
[ $code -le 125 ] || fail "exit $code: $(cat err)"
# All bytes may have been in the cache; otherwise the error is reported.
[ $code -eq 0 ] || grep -q '^anyfs: ' err || fail "no reason reported: $(cat err)"
