#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The length of an image need not be a multiple of the sector size; mksquashfs -nopad makes
# such images.  anyfs reads them to the last byte, also with --overlay.  Writing to a disk
# whose last sector is incomplete keeps the bytes of that sector.
. "${0%/*}/../lib.sh"
requires mksquashfs -version
mkdir tree
head -c 100000 /dev/urandom >tree/file
for more in 1 100 300 511; do
	head -c $more /dev/urandom >tree/more
	mksquashfs tree s.img -noappend -nopad -quiet -no-progress -noD -noF -noI >mksquashfs.log
	[ $(($(stat -c %s s.img) % 512)) -ne 0 ] || continue
	cp s.img before
	anyfs cat s.img /file >got || fail "$more bytes more: not read"
	same got tree/file
	anyfs cat s.img /more >got
	same got tree/more
	anyfs cat --overlay=over s.img /more >got 2>err && fail "reading has created an overlay"
	refuse 'Read-only file system' anyfs touch s.img /new
	refuse 'Read-only file system' anyfs touch --overlay over s.img /new
	anyfs cat --overlay over s.img /more >got || fail "below an overlay: not read"
	same got tree/more
	rm -f over
	same s.img before
	tried=yes
done
[ "${tried-}" ] || fail "each image ended with a sector"
# Bytes after the end of a file system do not belong to it, and do not change.
image_vfat tree disk.img
printf tail >>disk.img
run anyfs rm disk.img /more
tail -c 4 disk.img | expect tail
run anyfs mkfs --force disk.img vfat >mkfs.log
run anyfs ls disk.img | expect ''
