#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# --format names formats that only QEMU reads: they hold the same files as the raw disk, are
# never detected or written to, and open no other file.
. "${0%/*}/lib-formats.sh"
requires qemu-storage-daemon --version
requires python3 --version
make_disk

same_foreign() {
	sha256sum "$1" >before
	same_files "$1" --format "$2"
	sha256sum -c --quiet before || fail "$1 was written to"
	refuse "$1: no file system recognised|--format $2" anyfs ls "$1" /
	refuse "$1: a $2 image can only be read|--overlay" anyfs mkdir --format "$2" "$1" /p2/new
}
for format in parallels qed qcow; do
	run qemu-img convert -O $format "$img" disk.$format
	same_foreign disk.$format $format
done
for format in bochs cloop; do
	run "${0%/*}/make-foreign.py" $format "$img" disk.$format
	run qemu-img compare -f raw -F $format "$img" disk.$format >compare.log
	same_foreign disk.$format $format
done
echo new >new
run anyfs put --format cloop --overlay changes.ovl disk.cloop new /p2
run anyfs cat --format cloop --overlay changes.ovl disk.cloop /p2/new | expect new

# Files that an image names are not opened.
for format in qed qcow; do
	qemu-img create -q -f $format -b "$img" -F raw top.$format
	refuse "top.$format: a $format image with a backing file cannot be read|qemu-img convert" \
		anyfs ls --format $format top.$format /p2
done

refuse 'disk.img: Image not in Parallels format' anyfs ls --format parallels "$img" /p2
refuse 'a cloop image must be a whole file' anyfs ls --format cloop --offset 1M disk.cloop /p2
refuse 'snapshots of a qed image cannot be read' anyfs ls --format qed --snapshot 1 disk.qed /p2
head -c 5000 disk.bochs >cut.bochs
refuse 'cut.bochs' anyfs ls --format bochs cut.bochs /p2
head -c 5000 disk.cloop >cut.cloop
refuse 'cut.cloop' anyfs ls --format cloop cut.cloop /p2
(
	mkdir bin
	ln -s /usr/bin/* bin/
	rm bin/qemu-storage-daemon
	PATH=$PWD/bin:$(dirname "$(type -P anyfs)")
	refuse 'disk.cloop: reading this format needs qemu-storage-daemon|qemu-system-common' \
		anyfs ls --format cloop disk.cloop /p2
)
