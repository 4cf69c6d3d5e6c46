#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# All metadata of a file (file-metadata.py) equal those in the host's own mount of the same
# image: inode numbers, times including birth, flags, projects, attributes, ACLs, holes;
# on ext4, xfs and btrfs.  Files created through a mount have the same metadata in the
# host's mount afterwards.  The same calls remove a file's capabilities.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
needs_loop
requires python3 --version
requires setfacl --version
requires getcap -h
look=$ANYFS_TOP/tests/fuse/file-metadata.py
host=$PWD/host
lacking=
mkdir "$host"

# fill DIRECTORY TYPE
fill() (
	cd "$1"
	mkdir -m 2775 d e && chown 12:34 d
	head -c 300000 /dev/urandom >d/data && chown 4000000000:4000000001 d/data
	truncate -s 1M holes && printf x | dd of=holes bs=1 seek=500000 conv=notrunc status=none
	truncate -s 5T large && printf end | dd of=large oflag=seek_bytes seek=4T conv=notrunc status=none
	: >empty
	ln d/data hard && ln -s d/data link && ln -s "$(printf 'x%.0s' {1..1000})" long
	mkfifo -m 600 fifo && mknod char c 10 229 && mknod block b 300 70000
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	touch "$(printf 'n%.0s' {1..255})" $'odd \n name' "$(printf '\xff\xfe')"
	chmod 6751 empty && chmod 1777 e
	setfattr -n user.text -v hello d/data && setfattr -n user.binary -v 0x00ff00 d
	setfattr -n user.large -v "$(printf 'v%.0s' {1..2000})" empty
	setfattr -n trusted.note -v x d && setfattr -h -n trusted.note -v y link
	setfattr -n security.test -v z fifo
	setcap cap_net_raw+ep hard
	setfacl -m u:1234:rw,g:99:r d/data && setfacl -d -m u:1234:rwx d
	chattr +Ad d/data && chattr +S e && chattr +i empty && chattr +a d
	if [ "$2" = xfs ]; then chattr -p 77 holes e && chattr +P e; fi
	touch -h -d '1975-01-02 03:04:05.678901234' link
	touch -d '2030-01-02 03:04:05.999999999' fifo
	touch -a -d '2000-01-01 UTC' holes
)

# List the calls that remove a file's capabilities.
capabilities() (
	cd "$1"
	echo other >other
	for call in 'echo x >>f' 'truncate -s 3 f' 'chown 5 f' 'fallocate -l 100k f' 'chmod 700 f' \
		'ln f name' 'fallocate -p -o 0 -l 4096 f' ': >f' 'cp other f' 'mv f name; mv name f' \
		'dd if=/dev/zero of=f bs=4k count=1 oflag=direct conv=notrunc' 'touch f' \
		'setfattr -n user.x -v y f'; do
		rm -f f name
		echo hello >f
		setcap cap_net_raw+ep f
		eval "$call" 2>/dev/null
		echo "$call: $(getcap f)"
	done
)

for fs in ext4 xfs btrfs; do
	image_of $fs 512M
	if ! mount -o loop "$img" "$host"; then
		lacking+=" $fs"
		continue
	fi
	at_exit "umount -l '$host'"
	capabilities "$host" >kept
	grep -q cap_net_raw kept || fail "$fs: no capabilities at all"
	rm -f "$host"/f "$host"/name "$host"/other
	fill "$host" $fs
	umount "$host"
	mount -o loop,ro "$img" "$host"
	run python3 "$look" "$host" >want
	[ "$(wc -l <want)" -gt 250 ] || fail "$fs: the host reports too little"
	umount "$host"
	unset 'cleanups[-1]'
	for option in ro default_permissions; do
		mount_image -o $option
		run python3 "$look" "$mnt" >got
		umount_image
		diff want got || fail "$fs: differs from the host"
	done

	# Now the host's mount reads files that were created through our mount.
	image_of $fs 512M
	mount_image --write -o default_permissions
	capabilities "$mnt" | diff kept - || fail "$fs: capabilities are lost in other cases"
	fill "$mnt" $fs
	umount_image
	fsck_image $fs
	mount_image
	run python3 "$look" "$mnt" >want
	umount_image
	mount -o loop,ro "$img" "$host"
	at_exit "umount -l '$host'"
	run python3 "$look" "$host" >got
	umount "$host"
	unset 'cleanups[-1]'
	diff want got || fail "$fs: the host sees other metadata"
done
[ -z "$lacking" ] || skip "the host cannot mount$lacking to compare with"
