#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The pass that indexes a gzip image keeps the first bytes that it unpacks: files there are
# read without the image.  The parts behind them are unpacked when they are read.
# root: mounts a small tmpfs
. "${0%/*}/lib-formats.sh"
make_disk
gzip -1 -c "$img" >disk.gz
mkfifo commands
anyfs shell disk.gz <commands >out 2>err &
shell=$!
exec 7>commands
echo 'ls /p2' >&7
wait_for grep -q compressible out
truncate -s 0 disk.gz
echo 'hash /p2' >&7
exec 7>&-
wait $shell || fail "exit $?: $(cat err)"
grep -P '\t[0-9a-f]{64}$' out >got
same wanted got

# A partition after 40 MB of other data; a quarter of the free space is less.
mkdir small
run mount -t tmpfs -o size=100M tmpfs small
at_exit "umount -l $PWD/small"
truncate -s 100M big.img
echo 'start=60MiB' | sfdisk -q big.img
head -c 40M /dev/zero | tr '\0' x >filler
dd if=filler of=big.img bs=1M seek=1 conv=notrunc status=none
dd if="$img" of=big.img bs=1M skip=17 seek=60 count=32 conv=notrunc,sparse status=none
run anyfs hash big.img /p1 >wanted
[ "$(wc -l <wanted)" -eq 202 ] || fail "not all files of the raw disk were hashed"
gzip -1 big.img
run anyfs hash --unpack-dir small big.img.gz /p1 >got
same wanted got
