#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: it mounts a small file system
# If the host's disk is full, get names the files that it could not write, put reports that the
# image could not store all data, and fsck reports that it could not copy the volume.  All fail.
. "${0%/*}/../lib.sh"
mkdir -p small tree/d
mount -t tmpfs -o size=6m none small 2>mount.err || skip "mounting is not allowed here: $(cat mount.err)"
at_exit "umount '$PWD/small'"
echo first >tree/a
head -c 9000000 /dev/urandom >tree/d/large
echo last >tree/z
image_ext4 tree

code=0
anyfs get --json "$img" / small/copy >result 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q "^anyfs: .*d/large: not copied.*: No space left on device" err || fail "$(cat err)"
grep -q '"code": "ENOSPC"' result && grep -q '"exit": 1}' result || fail "$(cat result)"
[ ! -e small/copy/d/large ] || fail "a partial file is left: $(ls -l small/copy/d)"
same tree/a small/copy/a
rm -r small/copy

code=0
anyfs tar-out "$img" / >small/copy.tar 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q "^anyfs: standard output: No space left on device" err || fail "$(cat err)"
rm small/copy.tar

# The image is sparse, and the host's disk has no room to fill its holes.
truncate -s 32M small/disk.img
mkfs.ext4 -q -E nodiscard small/disk.img
echo old | run anyfs put small/disk.img - /old
code=0
anyfs put small/disk.img tree/d/large / 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q "^anyfs: .*\(No space left on device\|Input/output error\)" err || fail "$(cat err)"
run anyfs cat small/disk.img /old | expect old

# The same with an overlay file: the image does not change.
before=$(sha256sum "$img")
rm small/disk.img
code=0
anyfs put --overlay small/changes "$img" tree/d/large /copy 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
grep -q "^anyfs: .*\(No space left on device\|Input/output error\)" err || fail "$(cat err)"
[ "$before" = "$(sha256sum "$img")" ] || fail "the image was changed"
run anyfs cat --overlay small/changes "$img" /a | expect first
rm small/changes

# fsck checks a copy in the image's directory, and does not check a copy that is not complete.
requires qemu-img --version
seq 1300000 >tree/d/large
image_ext4 tree lines.img
qemu-img convert -O qcow2 -c lines.img small/disk.qcow2
code=0
anyfs fsck small/disk.qcow2 / >out 2>err || code=$?
[ $code -eq 2 ] || fail "exit $code: $(cat out err)"
grep -q "/: cannot be copied to a temporary file: No space left on device" err || fail "$(cat err)"
[ "$(ls -A small)" = disk.qcow2 ] || fail "left: $(ls -A small)"
