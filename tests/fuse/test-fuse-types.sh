#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every file system that can be made here is mounted.  Those that the kernel can write
# are filled, changed and checked.  Each mount shows the same files as anyfs.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
"$ANYFS_TOP/tests/fuzz/seeds" seeds >missing
head -c 200000 /dev/urandom >data

# Features that each format lacks; bfs has one directory of files with short names.
declare -A lacks=([vfat]='link symlink' [exfat]='link symlink' [hfs]='link symlink'
	[omfs]='link symlink' [hpfs]='link' [bfs]='mkdir symlink')

# attempt NAME CMD...: CMD must succeed unless the format lacks the feature
attempt() {
	local what=$1
	shift
	if [[ " ${lacks[$type]-} " == *" $what "* ]]; then
		if "$@" 2>refused; then fail "$name: $* worked"; fi
	else
		"$@" || fail "$name: $*"
	fi
}

# Make every call once; the paths are short enough for all formats.
change() {
	local d=$mnt/d n
	attempt mkdir mkdir "$d"
	[ -d "$d" ] || d=$mnt
	cp data "$d/data"
	same data "$d/data"
	for n in 1 2 3 4 5 6 7 8 9; do echo $n >"$d/n$n"; done
	echo hello >"$d/small"
	mv "$d/small" "$mnt/moved"
	echo more >>"$mnt/moved"
	expect $'hello\nmore' <"$mnt/moved"
	mv "$d/n1" "$d/n2"
	expect 1 <"$d/n2"
	rm "$d/n3"
	: >"$d/n4"
	attempt link ln "$d/n5" "$mnt/hard"
	attempt symlink ln -s moved "$mnt/sym"
	[ ! -L "$mnt/sym" ] || same "$mnt/moved" "$mnt/sym"
	attempt mkdir mkdir "$mnt/e"
	[ ! -d "$mnt/e" ] || rmdir "$mnt/e"
	touch -d @1000000000 "$d/n6"
	stat -c %Y "$d/n6" | expect 1000000000
	(exec 5<>"$d/nameless" && rm "$d/nameless" && echo kept >&5 &&
		[ "$(cat /proc/self/fd/5)" = kept ]) || fail "$name: an open file without a name"
	if [ -e "$d/nameless" ]; then fail "$name: its name is back"; fi
}

# Print hashes in the format of "anyfs hash".
sums() {
	(cd "$1" && find . -type f -printf '%P\n' | sort | while IFS= read -r path; do
		printf '%s\t%s\t' "$path" "$(stat -c %s "./$path")"
		sha256sum <"./$path" | cut -d' ' -f1
	done)
}

check() {
	case $type in
	ext[234] | xfs | btrfs | vfat) fsck_image "${type/ext[23]/ext4}" ;;
	f2fs)		run fsck.f2fs "$img" >fsck.log ;;
	exfat)		run fsck.exfat -n "$img" >fsck.log ;;
	jfs)		run jfs_fsck -n -f "$img" >fsck.log ;;
	minix)		run fsck.minix -f "$img" >fsck.log ;;
	ntfs3)		run ntfsfix -n "$img" >fsck.log ;;
	gfs2)		run fsck.gfs2 -n "$img" >fsck.log ;;
	ocfs2)		run fsck.ocfs2 -fn "$img" >fsck.log ;;
	reiserfs)	run reiserfsck --check -q -y "$img" >fsck.log ;;
	esac
}

while read -r name type kind opts <&3; do
	img=$PWD/seeds/$name.img
	options=fstype=$type
	reader=(anyfs hash --fstype "$type")
	if [ "$opts" != - ]; then
		options+=,opts=$opts
		reader+=(-o "$opts")
	fi
	if [ "$kind" = fill ]; then
		mount_image --write -o "$options"
		change
		# The kernel's omfs lists a new directory as a file until it is written.
		[ "$type" != omfs ] || sync "$mnt"
		sums "$mnt" >written
		umount_image
		check
	fi
	mount_image -o "$options"
	sums "$mnt" >shown
	umount_image
	"${reader[@]}" "$img" >in-image
	same in-image shown
	[ "$kind" != fill ] || same written shown
	rm "$img"
done 3<seeds/list
[ ! -s missing ] || skip "$(tr '\n' ';' <missing)"
