#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel with 32 MiB creates and removes more files than fit into its memory, on
# each journalling file system.  No call waits for a timer of the file system, and the
# image is clean.
. "${0%/*}/../lib.sh"
requires mkfs.ext4 -V
requires mkfs.xfs -V
requires mkfs.btrfs --version

# Fail if the command takes longer than five minutes; usually it takes a few seconds.
watched() { run timeout -s KILL 300 "$@"; }

python3 - <<'P'
import tarfile
t = tarfile.open('many.tar', 'w')
for n in range(30000):
    i = tarfile.TarInfo(f'm/{n:06}')
    i.type, i.mode = tarfile.DIRTYPE, 0o755
    t.addfile(i)
t.close()
P

for fs in ext4 xfs btrfs; do
	rm -f "${img-}"
	scratch_image 2G
	case $fs in
	ext4)	mkfs.ext4 -q -F "$img" ;;
	xfs)	mkfs.xfs -q "$img" ;;
	btrfs)	make_btrfs "$img" ;;
	esac
	watched anyfs tar-in --mem 32 "$img" / <many.tar
	watched anyfs rm -r --mem 32 "$img" /m
	case $fs in
	ext4)	run e2fsck -fn "$img" ;;
	xfs)	run xfs_repair -n "$img" ;;
	btrfs)	run btrfs check "$img" ;;
	esac >fsck.log 2>&1 || fail "fsck: $(cat fsck.log)"
done
