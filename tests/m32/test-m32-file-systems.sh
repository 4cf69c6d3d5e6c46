#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The 32-bit kernel writes files to ext2, ext3, ext4, xfs, btrfs and FAT, and reads them back;
# the rows of docs/file-systems.md are those of the 64-bit kernel.  A mixed load of eight
# threads leaves three of them clean, and two kernels run in one process.
. "${0%/*}/../fs/lib-fs.sh"

programs=$ANYFS_BUILD/m32/meson/tests/m32
fs=$programs/fs
export ANYFS_KERNEL=$ANYFS_BUILD/m32/kernel.so
[ -x "$fs" ] || fail "$fs does not exist: run make m32"

# The 32-bit programs recognise only the file systems of this test.
probe() {
	found[probe]=no
	if "$fs" dirty "$1" >/dev/null 2>probe.err || grep 'found to be' probe.err; then
		found[probe]=yes
	fi
}

check_ext() { e2fsck -fn "$1"; }
check_xfs() { xfs_repair -n "$1"; }
check_btrfs() { btrfs check "$1"; }
check_vfat() { fsck.vfat -n "$1"; }

# fresh SIZE COMMAND ...: make a file system with COMMAND in a new $img
fresh() {
	rm -f disk.img
	scratch_image "$1"
	shift
	run "$@" "$img" >/dev/null
}

for type in ext2 ext3 ext4; do
	fresh 64M "mkfs.$type" -q
	writable $type "$img" check_ext
done
fresh 256M mkfs.ext4 -q
run "$programs/kernel-mixed-load" "$img"
run check_ext "$img"

fresh 300M mkfs.xfs -q
writable xfs "$img" check_xfs
fresh 300M mkfs.xfs -q -m crc=0,finobt=0
writable "xfs (v4)" "$img" check_xfs
fresh 320M mkfs.xfs -q
run "$programs/kernel-mixed-load" "$img"
run check_xfs "$img"

fresh 128M make_btrfs
writable btrfs "$img" check_btrfs
for packer in zlib lzo zstd; do
	fresh 128M make_btrfs --csum sha256
	writable "btrfs ($packer)" "$img" check_btrfs - "compress-force=$packer"
done
fresh 320M make_btrfs
run "$programs/kernel-mixed-load" "$img"
run check_btrfs "$img"

fresh 100M mkfs.vfat -F 32
writable vfat "$img" check_vfat
fresh 100M mkfs.vfat -F 16
writable msdos "$img" check_vfat msdos
fresh 16M mkfs.vfat
cp "$img" other.img
run "$programs/kernel-two-kernels" "$img" other.img
run check_vfat "$img"
run check_vfat other.img
verdict
