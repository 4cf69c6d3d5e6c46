#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Data written through a mount is in the image when anyfs-umount returns, and the file
# system is clean.  Everyday calls are made on ext4, xfs and btrfs.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires getfattr --version
requires setcap -h
head -c 5000000 /dev/urandom >data
story() {
	cd "$mnt"
	mkdir d
	cp ../data d/data
	echo one >a && echo two >>a
	ln a d/b && ln -s d/b l && mkfifo p && mknod z c 1 5
	chown 12:34 a && chmod 6711 d/data && touch -d @1000000000.5 d
	setfattr -n user.colour -v blue a
	setfattr -h -n trusted.link -v yes l
	# Capabilities of new files: absent, set, kept, removed by a write.
	cp ../data capable && cp ../data changed
	[ -z "$(getcap capable)" ] || fail "$(getcap capable)"
	setcap cap_net_raw+ep capable && setcap cap_net_raw+ep changed
	getcap capable | matches cap_net_raw || fail "no capability: $(getcap capable)"
	echo more >>changed
	mv d/data d/moved && cp d/moved d/gone && rm d/gone
	truncate -s 1G sparse && echo end >>sparse
	fallocate -l 1M full && fallocate -p -o 4096 -l 8192 full
	chattr +A a
	# An open file without a name exists until its last descriptor is closed.
	(exec 5<>nameless && rm nameless && echo kept >&5 && [ "$(cat /proc/self/fd/5)" = kept ])
	cd ..
}
check() {
	same data "$mnt/d/moved"
	expect $'one\ntwo' <"$mnt/l"
	[ "$(stat -c '%h %u:%g' "$mnt/a")" = '2 12:34' ] || fail "$(stat "$mnt/a")"
	[ "$(stat -c %a "$mnt/d/moved")" = 6711 ] || fail "$(stat "$mnt/d/moved")"
	[ "$(stat -c '%F %t:%T' "$mnt/z")" = 'character special file 1:5' ] || fail "$(stat "$mnt/z")"
	[ -p "$mnt/p" ] || fail "no FIFO"
	[ "$(stat -c %.Y "$mnt/d")" != 0 ] || fail "$(stat "$mnt/d")"
	getfattr --absolute-names --only-values -n user.colour "$mnt/a" | expect blue
	getfattr -h --absolute-names --only-values -n trusted.link "$mnt/l" | expect yes
	getcap "$mnt/capable" | matches cap_net_raw || fail "lost: $(getcap "$mnt/capable")"
	[ -z "$(getcap "$mnt/changed")" ] || fail "written to: $(getcap "$mnt/changed")"
	[ "$(stat -c %s "$mnt/sparse")" = 1073741828 ] || fail "$(stat "$mnt/sparse")"
	[ "$(stat -c %b "$mnt/sparse")" -lt 1000 ] || fail "the hole takes room"
	lsattr "$mnt/a" | matches '^[^ ]*A' || fail "$(lsattr "$mnt/a")"
	[ "$(stat -c %W "$mnt/a")" -gt 1500000000 ] || fail "no time of birth"
	[ ! -e "$mnt/nameless" ] || fail "the nameless file has a name"
}
for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	mount_image --write
	story
	check
	umount_image
	fsck_image $fs
	mount_image
	check
	umount_image
done
