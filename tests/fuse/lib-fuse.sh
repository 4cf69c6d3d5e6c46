# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the tests of anyfs-fuse:
#
#	needs_fuse		skip unless this host can mount FUSE
#	image_of TYPE SIZE	an empty file system of this type, $img
#	fsck_image TYPE		check that $img is clean
#	mount_image OPTION...	mount $img at $mnt, unmounted at the end
#	not_mounted STATUS TEXT OPTION...	mounting must fail, and nothing may stay mounted
#	names DIR		print the names in a directory, including hidden ones
#	umount_image		unmount with anyfs-umount
. "${BASH_SOURCE[0]%/*}/../lib.sh"

mnt=$PWD/mnt

needs_fuse() {
	[ -c /dev/fuse ] || skip "this host has no /dev/fuse"
	requires fusermount3 --version
	mkdir -p "$mnt"
	[ "$(id -u)" -ne 0 ] || unshare -m true || skip "mounting is not allowed here"
}

image_of() {
	scratch_image "$2"
	case $1 in
	ext4)	requires mkfs.ext4 -V && mkfs.ext4 -q -F "$img" ;;
	xfs)	requires mkfs.xfs -V && mkfs.xfs -q -f "$img" ;;
	btrfs)	requires mkfs.btrfs --version && mkfs.btrfs -q -f "$img" ;;
	vfat)	requires mkfs.vfat --help && mkfs.vfat "$img" >/dev/null ;;
	esac
}

fsck_image() {
	case $1 in
	ext4)	run e2fsck -fn "$img" ;;
	xfs)	run xfs_repair -n "$img" ;;
	btrfs)	run btrfs check "$img" ;;
	vfat)	run fsck.vfat -n "$img" ;;
	esac >fsck.log 2>&1 || fail "fsck: $(cat fsck.log)"
}

mount_image() {
	run anyfs-fuse "$@" "$img" "$mnt"
	at_exit "umount -l '$mnt' 2>/dev/null || fusermount3 -uzq '$mnt'"
}

names() { (cd "$1" && shopt -s dotglob && printf '%s\n' *); }

umount_image() {
	run anyfs-umount "$mnt"
	unset 'cleanups[-1]'
}

not_mounted() {
	local want=$1 text=$2 code=0
	shift 2
	echo "+ not mounted: $*" >&2
	timeout 300 anyfs-fuse "$@" "$img" "$mnt" 2>err </dev/null || code=$?
	[ $code -eq "$want" ] || fail "exit $code, not $want: $(cat err)"
	grep -qF -e "$text" err || fail "no \"$text\" in: $(cat err)"
	! grep -q " $mnt " /proc/self/mountinfo || fail "it is mounted"
}
