#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the disk below a mount fails, reads and writes fail with an error and nothing
# hangs.  Unmounting reports that some data was not stored, and fsck can repair the
# image.  A limit on file sizes simulates a disk that cannot be written, and a
# truncated image one that cannot be read.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

# bounded CMD: run CMD, which must end in time; sets $code to its exit status
bounded() {
	code=0
	timeout -k 5 300 "$@" >output 2>&1 || code=$?
	[ $code -lt 124 ] || fail "$fs, $limit MB: hangs: $*"
}

# start_dying MB: start a mount that cannot write beyond MB of the image
start_dying() {
	(ulimit -f $(($1 * 1024)) && exec anyfs-fuse -f --write "$img" "$mnt") 2>server.log &
	pid=$!
	at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	answers() { [ -e "$mnt/safe" ] || ! kill -0 "$pid"; }
	wait_for answers
}

# Unmount: both anyfs-umount and the server report an error.
end_dying() {
	bounded anyfs-umount "$mnt"
	[ $code -eq 1 ] || fail "$fs, $limit MB: anyfs-umount says $code: $(cat output)"
	grep -q 'some data could not be written' output || fail "$fs, $limit MB: $(cat output)"
	code=0
	wait $pid || code=$?
	[ $code -eq 1 ] || fail "$fs, $limit MB: exit $code: $(cat server.log)"
	grep -q '^anyfs-fuse: .*some written data could not be saved' server.log ||
		fail "$fs, $limit MB: no reason reported: $(cat server.log)"
	unset 'cleanups[-1]'
}

# The disk works again: replay the journal, run fsck, and check that synced files are there.
recovered() {
	mount_image --write
	expect safe <"$mnt/safe"
	umount_image
	if [ $fs = ext4 ]; then
		e2fsck -fp "$img" >/dev/null || [ $? -eq 1 ] || fail "e2fsck"
	fi
	fsck_image $fs
}

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write
	echo safe >"$mnt/safe"
	umount_image
	cp --sparse=always "$img" whole.img

	# A process that syncs gets the error, and anyfs-umount and the server report it again.
	limit=300
	start_dying $limit
	bounded dd if=/dev/zero of="$mnt/big" bs=1M count=400 conv=fsync
	grep -q 'Input/output error\|Read-only' output || fail "$fs: fsync: $code: $(cat output)"
	bounded sync "$mnt"
	bounded cat "$mnt/safe"
	[ "$(cat output)" = safe ] || fail "$fs: existing files cannot be read: $(cat output)"
	bounded ls -lR "$mnt"
	end_dying
	recovered

	# No process syncs: only unmounting can report the error.
	cp --sparse=always whole.img "$img"
	start_dying $limit
	bounded dd if=/dev/zero of="$mnt/big" bs=1M count=400
	end_dying
	recovered

	# The same while many names are created, moved and removed.
	limit=200		# the program needs a file of 128 MB for its memory
	cp --sparse=always whole.img "$img"
	start_dying $limit
	if ! kill -0 $pid 2>/dev/null; then
		# The log of xfs is in the middle of the disk, so mounting for writing fails.
		code=0
		wait $pid || code=$?
		[ $code -eq 1 ] || fail "$fs: exit $code: $(cat server.log)"
		grep -q '^anyfs-fuse: ' server.log || fail "$fs: no reason reported"
		unset 'cleanups[-1]'
		continue
	fi
	bounded tar -C "$ANYFS_TOP" -cf tree.tar tools tests lib
	bounded mkdir "$mnt/a" "$mnt/b"
	reported=
	for copy in a b; do
		bounded tar -C "$mnt/$copy" -xf tree.tar
		bounded dd if=/dev/zero of="$mnt/$copy/large" bs=1M count=100
		bounded sync "$mnt"
		[ $code -eq 0 ] || reported=yes
	done
	bounded rm -rf "$mnt/a"
	bounded mv "$mnt/b" "$mnt/c"
	bounded sync "$mnt"
	[ $code -eq 0 ] || reported=yes
	[ $reported ] || fail "$fs: no sync reported the error"
	end_dying
	recovered
done

# The image shrinks while it is read.
for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	limit=shrunk
	mount_image --write
	head -c 30000000 /dev/urandom >"$mnt/data"
	mkdir "$mnt/d" && echo name >"$mnt/d/file"
	umount_image
	mount_image
	truncate -s 1M "$img"
	bounded cat "$mnt/data"
	[ $code -eq 1 ] || fail "$fs: reading lost data: exit $code"
	grep -qa 'Input/output error' output || fail "$fs: not an I/O error"
	# The second read must not report the end of the file either.
	bounded cat "$mnt/data"
	[ $code -eq 1 ] || fail "$fs: reading it again: exit $code"
	bounded ls -lR "$mnt"
	bounded anyfs-umount "$mnt"
	unset 'cleanups[-1]'
	if grep -q " $mnt " /proc/self/mountinfo; then fail "$fs: still mounted"; fi
done
