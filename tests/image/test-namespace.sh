#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Images are opened and mounted, and closed when the kernel ends; a disk that was opened
# read-only does not change.
. "${0%/*}/../lib.sh"
mkdir -p efi root/etc
echo x >efi/x
echo debian >root/etc/os
ln -s /etc/os root/abs
image_gpt efi root
image_ext4 root dirty.img
# A journal that must be replayed, like after a power cut.
debugfs -w -R 'feature needs_recovery' "$PWD/dirty.img" 2>debugfs.err >debugfs.out
cp dirty.img before.img
program image/namespace "$PWD/disk.img" "$PWD/dirty.img"
same dirty.img before.img
# The tool reports the replay in one line, and reads the files.
run anyfs cat dirty.img /etc/os 2>err | expect debian
grep -q '^anyfs: .*journal' err || fail "not reported: $(cat err)"
same dirty.img before.img
