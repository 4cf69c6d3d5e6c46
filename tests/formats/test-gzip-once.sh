#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Opening a gzip image unpacks it once to make an index, and keeps the first unpacked bytes:
# files in these bytes are read without the image.  Later bytes are unpacked when they are read.
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

# At most a quarter of the free space is used for the kept bytes: here 25 MB, which end before
# the partition at 60 MiB.
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
