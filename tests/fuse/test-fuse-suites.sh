#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two test suites of other projects pass on a mount: test_syscalls of libfuse and
# fsstress of e2fsprogs, compiled from Debian's source.  They run on ext4, xfs and
# btrfs, as root and as the user nobody, and fsck finds no error.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires gcc --version
: "${ANYFS_STRESS:=600}"			# operations of each process
sources() { "$ANYFS_TOP/tools-dev/debian-source" "$1" 2>err || skip "$(cat err)"; }
libfuse=$(sources fuse3)
e2fsprogs=$(sources e2fsprogs)
# The configuration that libfuse's build determines on Linux.
echo '#define HAVE_COPY_FILE_RANGE 1' >fuse_config.h
run gcc -O1 -w -D_GNU_SOURCE -I. -o test_syscalls "$libfuse/test/test_syscalls.c"
run gcc -O1 -w -o fsstress "$e2fsprogs/contrib/fsstress.c"
chmod 755 . .. test_syscalls fsstress

# syscalls COMMAND: COMMAND runs test_syscalls; all 58 cases must pass
syscalls() {
	run "$@" >cases 2>&1 || fail "$fs: $*: $(grep -v OK cases)"
	[ "$(grep -c '^ *[0-9]* \[.*OK$' cases)" -ge 58 ] || fail "$fs: $*: $(cat cases)"
}

# Print all metadata except the times of files: the host caches these, and does not always send
# a change that is smaller than its clock's tick.
look() {
	(cd "$mnt" && find . -path ./lost+found -o -printf '%p %y %m %U %G %n %s %l\n' \
		-not -type f -printf '%p %T@\n' && find . -type f -exec sha256sum {} +) | sort
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write -o allow_other
	mkdir -m 777 "$mnt/root" "$mnt/nobody" "$mnt/stress"
	syscalls ./test_syscalls "$mnt/root"
	syscalls ./test_syscalls "$mnt/root" -u
	syscalls as_nobody ./test_syscalls "$mnt/nobody"
	run timeout 300 ./fsstress -d "$mnt/stress" -p 4 -n "$ANYFS_STRESS" -s "${ANYFS_SEED:-1}" -X -c >stress.log 2>&1 ||
		fail "$fs: fsstress: $(tail -5 stress.log)"
	made=$(find "$mnt/stress" | wc -l)
	[ "$made" -gt "$((ANYFS_STRESS / 10))" ] || fail "$fs: fsstress made $made names only"
	look >seen
	umount_image
	fsck_image $fs
	# The image contains what the mount has shown.
	mount_image
	look >found
	umount_image
	same seen found
done
