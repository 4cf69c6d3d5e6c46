#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# tar-in and tar-out keep all entries of an archive, GNU tar and bsdtar read the
# result, and fsck finds no error.
. "${0%/*}/lib-write.sh"
requires bsdtar --version
tool=$ANYFS_TOP/tests/write/make-tar.py

python3 "$tool" full in.tar
python3 "$tool" show in.tar >in.list
# Holes, in the three formats of GNU tar.
mkdir tree
truncate -s 40M tree/sparse
printf 'middle' | dd of=tree/sparse bs=1M seek=20 conv=notrunc status=none
truncate -s 9G tree/large
echo end >>tree/large
touch tree/empty
tar -C tree --sparse --format=gnu -cf sparse-gnu.tar .
tar -C tree --sparse --format=pax -cf sparse-pax.tar .
for fs in ext4 xfs btrfs f2fs; do
	echo "== $fs"
	make_fs "$fs"
	run anyfs mkdir "$img" /a
	run anyfs tar-in "$img" /a <in.tar
	check_fs "$fs"
	run anyfs tar-out "$img" /a >out.tar
	python3 "$tool" show out.tar >out.list
	# The archive lacks the directories that tar-in created itself.
	grep -v "^'no' \|^'no/parents' " out.list >out.common
	diff in.list out.common || fail "$fs: the files differ from the source"
	for tar in tar bsdtar; do
		$tar -tf out.tar >names 2>tar.err || fail "$tar does not read it: $(cat tar.err)"
		[ "$(sort names | md5sum)" = "$(bsdtar -tf out.tar | sort | md5sum)" ] || fail "$tar sees other names"
	done
	# A device in an image must not be opened on the host.
	refuse "null|Permission denied" anyfs cat "$img" /a/null
	# Extract our own archive into another directory.
	run anyfs mkdir "$img" /b
	run anyfs tar-in "$img" /b <out.tar
	run anyfs tar-out "$img" /b >again.tar
	python3 "$tool" show again.tar >again.list
	diff out.list again.list || fail "$fs: our own archive gives other files"
	# And over the existing files.
	run anyfs tar-in "$img" /b <out.tar
	check_fs "$fs"

	for form in gnu pax; do
		run anyfs rm -rf "$img" /sparse
		run anyfs mkdir "$img" /sparse
		run anyfs tar-in "$img" /sparse <sparse-$form.tar
		[ "$(anyfs cat "$img" /sparse/sparse | md5sum)" = "$(md5sum <tree/sparse)" ] || fail "$fs: $form: content"
		anyfs stat "$img" /sparse/sparse /sparse/large >stats
		[ "$(awk '/^Blocks:/ {n += $2} END {print n}' stats)" -lt 1000 ] || fail "$fs: $form: not sparse: $(cat stats)"
		grep -q "Size: $((9 << 30 | 4))" stats || fail "$fs: $form: $(cat stats)"
	done
	run anyfs tar-out "$img" /sparse >sparse.tar
	[ "$(stat -c %s sparse.tar)" -lt 200000 ] || fail "$fs: holes in the archive: $(stat -c %s sparse.tar)"
	rm -rf unpacked
	mkdir unpacked
	tar -C unpacked -xf sparse.tar
	same unpacked/sparse tree/sparse
	[ "$(stat -c %s unpacked/large)" -eq $((9 << 30 | 4)) ] || fail "$fs: size through the archive"
	[ "$(tail -c 4 unpacked/large)" = end ] || fail "$fs: end through the archive"
	rm -rf unpacked
	check_fs "$fs"
done

make_fs ext4
for z in gzip bzip2 xz zstd lz4; do
	requires $z --version
	$z -c <in.tar >in.tar.z
	run anyfs mkdir "$img" /$z
	run anyfs tar-in "$img" /$z <in.tar.z
	run anyfs cat "$img" /$z/dir/plain | expect 'inherits nothing'
done
run anyfs tar-in --owner 3:4 "$img" /xz <in.tar
[ "$(anyfs ls -l "$img" /xz/dir/file | awk '{print $3":"$4}')" = 3:4 ] || fail "--owner"
# A slow pipe, and an archive of one file.
anyfs tar-out "$img" /gzip/dir/file | tar -xO >one
[ "$(wc -c <one)" -eq 8000 ] || fail "one file: $(wc -c <one)"
{ head -c 3000; sleep 0.1; cat; } <in.tar | run anyfs tar-in "$img" /zstd
# Of two entries for a directory the last one counts.
mkdir -p twice/dir
touch -d @1000000000 twice/dir
tar -C twice -cf twice.tar dir
touch -d @2000000000 twice/dir
tar -C twice -rf twice.tar dir
run anyfs tar-in "$img" / <twice.tar
[ "$(anyfs stat --format %Y "$img" /dir)" = 2000000000 ] || fail "the time of the first entry"
check_fs ext4
