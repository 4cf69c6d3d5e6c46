#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An image in a tar or ZIP archive, or in a format inside another format, has the same files
# as the raw disk; an archive with two images is an error.
. "${0%/*}/lib-formats.sh"
requires python3 --version
requires ewfacquire -V
make_disk
# Archives, and a format inside another format.
cp --sparse=always "$img" inside.img
run tar -cf plain.tar tree/compressible inside.img
same_files plain.tar
run tar --format=oldgnu -S -czf sparse.tar.gz inside.img
same_files sparse.tar.gz
run anyfs info sparse.tar.gz >info.out
grep -q 'format tar in gzip' info.out || fail "not named: $(head -1 info.out)"
run qemu-img convert -O vmdk -o subformat=streamOptimized "$img" box.vmdk
echo '<Envelope/>' >box.ovf
run tar --format=ustar -cf box.ova box.ovf box.vmdk
same_files box.ova
run qemu-img convert -O qcow2 "$img" inside.qcow2
run xz -0 -T1 inside.qcow2
same_files inside.qcow2.xz
# The length of an EWF image is not a multiple of a sector.
run ewfacquire -u -q -t box -C c -D d -E 1 -e t -N n -m fixed -f encase6 -c fast -S 1GiB "$img" >ewf.log 2>&1
[ $(($(stat -c %s box.E01) % 512)) -ne 0 ] || fail "EWF: the length is whole sectors"
xz -0 -T2 --block-size=1000000 -k box.E01
gzip -1 -k box.E01
same_files box.E01.xz
same_files box.E01.gz
zipped() {
	python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", int(sys.argv[2])) as z:
    for name in sys.argv[3:]: z.write(name)' "$@"
}
for method in 0 8 12; do
	zipped image.zip $method tree/many/1 inside.img
	same_files image.zip
done
mkdir other
cp inside.img other/two.img
zipped two.zip 8 inside.img other/two.img
refuse 'two.zip: holds more than one disk image (inside.img, other/two.img)' anyfs ls two.zip /p2
zipped none.zip 8 tree/many/1 tree/many/2
refuse 'none.zip: no name of the 2 files in this archive ends like that of a disk image' anyfs ls none.zip /
gzip -c "$img" | gzip | gzip >thrice.gz
refuse 'is compressed more than twice' anyfs ls thrice.gz /p2
