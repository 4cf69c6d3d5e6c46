#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Without --share, the SMB server mounts a file system when a client first connects to it.  If the
# file system cannot be mounted, only clients that connect to it get an error.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
requires sgdisk --version
mkdir one two
echo first >one/file
echo second >two/file
image_ext4 one part1.img 16M
image_ext4 two part2.img 16M
# The group descriptors, after the superblock, are destroyed.
head -c 1024 /dev/urandom | dd of=part2.img bs=1024 seek=2 conv=notrunc status=none
scratch_image 40M
run sgdisk -o -n 1:2048:+16M -n 2:0:+16M "$img" >/dev/null
dd if=part1.img of="$img" bs=1M seek=1 conv=notrunc status=none
dd if=part2.img of="$img" bs=1M seek=17 conv=notrunc status=none
export ALICE=secret

is_mounted() { matches "EXT4-fs (vda$1): mounted" <server.log; }

serve anyfs-ksmbd -v --user alice:env:ALICE "$img"
grep -q ': p1 p2$' served || fail "output: $(cat served)"
if is_mounted 1; then fail "a file system was mounted before a client came"; fi
smb p1 'get file got' >out || fail "p1: $(cat out)"
expect first <got
is_mounted 1 || fail "the mount is not in the log: $(cat server.log)"
if smb p2 'get file got' >out 2>&1; then fail "a damaged file system was shared"; fi
matches NT_STATUS_BAD_NETWORK_NAME <out || fail "p2: $(cat out)"
matches "disk.img: p2: " <server.log || fail "output: $(cat server.log)"
smb p1 'get file again' >out || fail "p1: $(cat out)"
stop_server

# A share that was named is opened at the start.
refuse "--share p2" anyfs-ksmbd -P 0 --user alice:env:ALICE --share p2 "$img"
