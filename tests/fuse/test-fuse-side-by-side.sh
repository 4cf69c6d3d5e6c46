#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Several mounts begin and end at the same time, although the host reuses the number of
# an ended mount at once: all written data is in the image when anyfs-umount returns.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse

come_and_go() {
	local dir=$1 i
	mkdir "$dir"
	cp "$img" "$dir.img"
	at_exit "umount -l '$dir' 2>/dev/null"
	for i in $(seq 25); do
		run anyfs-fuse --write "$dir.img" "$dir"
		echo "$i" >"$dir/file"
		run anyfs-umount "$dir"
		run anyfs cat "$dir.img" /file | expect "$i"
	done
}
image_of ext4 16M
pids=
for n in 1 2 3; do
	(trap run_cleanups EXIT; come_and_go "$PWD/m$n") &
	pids+=" $!"
done
for pid in $pids; do
	wait "$pid" || fail "see above"
done
