#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# lklfuse takes the options of LKL's program lklfuse, and exits with 2 if another mount holds
# the lock file.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
image_of ext4 16M
mkdir other
at_exit "anyfs-umount '$mnt' 2>/dev/null"
run lklfuse "$img" "$mnt" -o type=ext4,mb=64,lock=lockfile,opts=nobarrier
echo written >"$mnt/file"
code=0
lklfuse "$img" other -o type=ext4,lock=lockfile 2>err || code=$?
[ "$code" -eq 2 ] && grep -q 'lockfile: locked by another process' err || fail "exit $code: $(cat err)"
run anyfs-umount "$mnt"
anyfs cat "$img" /file | expect written
fsck_image ext4

echo "The lock is free after the end, and ro mounts read-only."
wait_for lklfuse "$img" "$mnt" -o ro,lock=lockfile
expect written <"$mnt/file"
! touch "$mnt/file" 2>/dev/null || fail "a mount with ro was written to"
run anyfs-umount "$mnt"
