#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs mkfs makes new images, partitions and whole images.  Existing data is lost
# only with --force, and not if the program that makes the file system fails.
. "${0%/*}/lib-write.sh"
requires sgdisk --version

img=$PWD/disk.img
for fs in $write_types; do
	rm -f "$img"
	mkfs=(anyfs mkfs --size 320M "$img" "$fs")
	# mkfs.btrfs fails while another test has a loop device mounted.
	if [ "$fs" = btrfs ]; then wait_for "${mkfs[@]}"; else run "${mkfs[@]}"; fi
	[ "$(stat -c %s "$img")" -eq $((320 << 20)) ] || fail "size of the new image"
	echo "$fs" | run anyfs put "$img" - /name
	run anyfs cat "$img" /name | expect "$fs"
	check_fs "$fs"
done
refuse "exists" anyfs mkfs --size 10M "$img" ext4
refuse "contains vfat|--force" anyfs mkfs "$img" ext4
run anyfs cat "$img" /name | expect vfat
run anyfs mkfs --force "$img" ext4 -- -L whole -m 0
run anyfs parts "$img" | matches -w whole || fail "no label: $(anyfs parts "$img")"
check_fs ext4

# Partitions with old content; their neighbours do not change.
rm "$img"
scratch_image 700M
sgdisk -o -n 1:2048:+32M -n 2:0:+320M -n 3:0:+300M "$img" >/dev/null
head -c 33554432 /dev/urandom >noise
dd if=noise of="$img" bs=1M seek=1 conv=notrunc status=none
dd if=noise of="$img" bs=1M seek=33 conv=notrunc status=none
run anyfs mkfs "$img/p1" vfat
for fs in ext4 xfs f2fs; do
	run anyfs mkfs --force "$img/p2" "$fs"
	echo "$fs" | run anyfs put "$img" - /p2/name
	run anyfs cat "$img" /p2/name | expect "$fs"
	dd if="$img" of=part.img bs=1M skip=33 count=320 conv=sparse status=none
	check_fs "$fs" part.img
done
run anyfs mkfs "$img/p3" ext4
echo three | run anyfs put "$img" - /p3/name
echo one | run anyfs put "$img" - /p1/name
run anyfs cat "$img" /p2/name /p1/name | expect $'f2fs\none'
refuse "p2|contains f2fs|--force" anyfs mkfs "$img/p2" ext4
refuse "partition table|--force|IMAGE/p1" anyfs mkfs "$img" ext4
refuse "p7|no such partition" anyfs mkfs "$img/p7" ext4
run anyfs mv "$img" /p3/name /p1/moved
run anyfs cat "$img" /p1/moved | expect three

# Failures change nothing and leave nothing behind.
before=$(stat -c '%.Y %.Z %b' "$img")
if anyfs mkfs --force "$img/p2" ext4 -- --no-such-option 2>err; then fail "a wrong option"; fi
grep -q '^anyfs: mkfs.ext4: failed with exit code' err || fail "$(cat err)"
if anyfs mkfs --force "$img/p1" xfs 2>err; then fail "xfs on 32 MiB"; fi
[ "$(stat -c '%.Y %.Z %b' "$img")" = "$before" ] || fail "the image has changed"
if anyfs mkfs --size 1M new.img xfs 2>err; then fail "xfs on 1 MiB"; fi
[ ! -e new.img ] || fail "a partial image was left"
[ -z "$(find . -name '.anyfs*')" ] || fail "left: $(find . -name '.anyfs*')"
refuse "nofs|known types:" anyfs mkfs "$img/p2" nofs
refuse "missing.img|--size" anyfs mkfs missing.img ext4
for missing in hfsplus:hfsprogs ocfs2:ocfs2-tools bcachefs:bcachefs-tools udf:udftools; do
	[ ! -x "/usr/sbin/mkfs.${missing%:*}" ] || continue
	refuse "mkfs.${missing%:*}|${missing#*:}" anyfs mkfs --force "$img/p2" "${missing%:*}"
done

# An image in another format is not overwritten.
requires qemu-img --version
qemu-img create -q -f qcow2 disk.qcow2 64M
sha256sum disk.qcow2 >before.sum
refuse 'disk.qcow2: is a qcow2 image|mkdisk|--format raw' anyfs mkfs --force disk.qcow2 ext4
sha256sum -c --quiet before.sum || fail "the qcow2 image has changed"
