#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A VMDK disk of any kind, in one file or several, holds the same files as the raw disk.
. "${0%/*}/lib-formats.sh"
requires python3 --version
make_disk
try_variant sparse.vmdk vmdk subformat=monolithicSparse
try_variant zeros.vmdk vmdk subformat=monolithicSparse,zeroed_grain=on
try_variant stream.vmdk vmdk subformat=streamOptimized

# Variants whose descriptor names extent files.
for kind in monolithicFlat twoGbMaxExtentSparse twoGbMaxExtentFlat; do
	run qemu-img convert -O vmdk -o subformat=$kind "$img" $kind.vmdk
	refuse "$kind.vmdk: needs its extent $kind-|--allow-backing" anyfs ls $kind.vmdk /p2
	sha256sum $kind* >before
	same_files $kind.vmdk --allow-backing
	sha256sum -c --quiet before || fail "$kind was written to"
done
for kind in cowd sesparse; do
	run "${0%/*}/make-image.py" $kind "$img" $kind.vmdk
	run qemu-img compare -f raw -F vmdk "$img" $kind.vmdk >compare.log
	same_files $kind.vmdk --allow-backing
done

# A short descriptor, without padding.
tr -d '\0' <cowd.vmdk >short.vmdk
[ "$(stat -c %s short.vmdk)" -lt 512 ] || fail "the descriptor is not short"
same_files short.vmdk --allow-backing

# A file that lies in two extents: their border is at 2 GiB.
mkdir border
head -c 60M /dev/urandom >border/file
small=$img
image_ext4 border border.img 100M
truncate -s 2200M wide.img
echo 'start=2000MiB, size=100MiB' | sfdisk -q wide.img
dd if=border.img of=wide.img bs=1M seek=2000 conv=notrunc,sparse status=none
img=$small
for kind in twoGbMaxExtentSparse twoGbMaxExtentFlat; do
	run qemu-img convert -O vmdk -o subformat=$kind wide.img wide.vmdk
	[ "$(find . -name 'wide-?002.vmdk' | wc -l)" -eq 1 ] || fail "the disk has one extent"
	run anyfs cat --allow-backing wide.vmdk /p1/file >got
	same border/file got
	rm wide*.vmdk
done
rm wide.img

# Chains of snapshots.
run qemu-img convert -O vmdk "$img" base.vmdk
qemu-img create -q -f vmdk -b base.vmdk -F vmdk middle.vmdk
qemu-img create -q -f vmdk -b middle.vmdk -F vmdk top.vmdk
refuse 'top.vmdk: needs its parent middle.vmdk|--allow-backing' anyfs ls top.vmdk /p2
same_files top.vmdk --allow-backing
python3 - base.vmdk <<'END'
import re
import sys
with open(sys.argv[1], 'r+b') as f:
    # QEMU writes the random number without leading zeros: keep its length.
    cid = re.search(rb'\nCID=([0-9a-f]+)', f.read(65536))
    f.seek(cid.start(1))
    f.write(b'%0*x' % (len(cid[1]), int(cid[1], 16) ^ 1))
END
refuse 'its parent|was changed, or is another image' anyfs ls --allow-backing top.vmdk /p2

# Hostile descriptors cannot open other files.
for name in /etc/passwd ../outside.raw /dev/null missing; do
	printf '# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\nRW 20480 FLAT "%s" 0\n' \
		"$name" >evil.vmdk
	refuse "evil.vmdk" anyfs ls --allow-backing evil.vmdk /
done
run anyfs info twoGbMaxExtentFlat.vmdk --allow-backing | head -1 >first
grep -q 'format vmdk' first || fail "the format is not named: $(cat first)"
