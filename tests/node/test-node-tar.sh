#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# toTar() and fromTar() keep what an archive can hold, copyOut() and copyIn() report their
# progress, and hostile archives change nothing outside of the directory.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir tree evil
node_image tree
# Archives in three formats that GNU tar writes, and an archive that it reads.
mkdir -p gnu/dir
head -c 100000 /dev/urandom >gnu/dir/random
ln gnu/dir/random gnu/hard
ln -s dir/random gnu/link
truncate -s 3M gnu/sparse
printf 'end' | dd of=gnu/sparse bs=1 seek=2000000 conv=notrunc status=none
echo long >"gnu/$(printf 'n%.0s' {1..180})"
tar -C gnu -cf gnu.tar --format=gnu .
tar -C gnu -cf posix.tar --format=posix --sparse .
tar -C gnu -cf ustar.tar --format=ustar --exclude='nnn*' .
run_node "${BASH_SOURCE[0]%/*}/tar.js" disk.img
clean_image disk.img
for archive in gnu posix ustar; do
	mkdir "back-$archive"
	run tar -C "back-$archive" -xf "out-$archive.tar"
	excluded=()
	[ $archive != ustar ] || excluded=(--exclude='nnn*')
	run diff -r --no-dereference "${excluded[@]}" gnu "back-$archive"
	[ "back-$archive/hard" -ef "back-$archive/dir/random" ] || fail "$archive: a hard link is lost"
done
[ "$(stat -c %b back-posix/sparse)" -le 64 ] || fail "the sparse file is no longer sparse"
