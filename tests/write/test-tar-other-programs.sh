#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# root: only root may set owners, devices and attributes
# Archives of GNU tar and bsdtar are unpacked and created: a tree of the host goes
# into an image and comes back with the same owners, modes, times, links, devices,
# holes, attributes, ACLs, SELinux labels and capabilities. put and get do the same.
. "${0%/*}/lib-write.sh"
requires bsdtar --version
requires setfacl --version
requires setcap -h

make_tree() {
	mkdir -p tree/dir/deep "tree/$(printf 'long%.0s' {1..40})" tree/Größe
	echo one >tree/dir/one
	ln tree/dir/one tree/dir/deep/two
	ln -s one tree/dir/soft
	ln -s /nowhere/at/all tree/dangling
	ln tree/dangling tree/dangling-too
	mknod tree/character c 5 300
	mknod tree/block b 8 17
	mkfifo tree/fifo
	truncate -s 40M tree/holes
	for at in 0 7 21; do
		printf 'data' | dd of=tree/holes bs=1M seek=$at conv=notrunc status=none
	done
	truncate -s 100M tree/empty-hole
	chmod 4755 tree/dir/one
	chmod 3770 tree/dir
	chmod 0 tree/fifo
	chown 4242:3000000000 tree/dir tree/Größe
	chown -h 11:12 tree/dir/soft tree/character
	setfattr -n user.text -v words tree/dir/one
	setfattr -n user.bytes -v 0x00ff3d0a0d00 tree/dir tree/holes
	setfattr -h -n trusted.link -v value tree/dir/soft
	setfattr -n security.selinux -v system_u:object_r:etc_t:s0 tree/dir/one tree/dir
	setfacl -m u:1234:rw,g:99:r tree/dir/one
	setfacl -m u:7:rwx -m d:u:4711:rx,d:g:12:- tree/dir
	cp /bin/true tree/program
	setcap cap_net_raw,cap_setuid+ep tree/program
	touch -h -d '1969-12-31 23:59:58Z' tree/dangling
	touch -d '2038-01-19 03:14:08.987654321Z' tree/holes tree/dir/deep
	touch -d '2001-02-03 04:05:06.5Z' tree/dir tree/block tree/fifo
}

# Print all metadata of a tree, to compare.
inventory() {
	cd "$1"
	find . -printf '%p %y %m %U:%G %n %T@ %l\n' | sort
	find . -type f -exec sha256sum {} + -o -type c,b -exec stat -c '%n %t:%T' {} + | sort
	find . -size +1M -type f -printf '%p %k KiB\n' | awk '$2 > 200 { print $1, "is filled" }'
	find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex
}

mkdir tree
make_tree 2>make.err || skip "this host's file system cannot hold the tree: $(cat make.err)"
pack_gnu() { tar --xattrs --xattrs-include='*' --acls --selinux --sparse --format=posix "$@"; }
pack_bsd() { bsdtar --xattrs --acls --format=pax "$@"; }
unpack_gnu() { tar --xattrs --xattrs-include='*' --acls --selinux --numeric-owner -p "$@"; }
unpack_bsd() { bsdtar --xattrs --acls --numeric-owner -p "$@"; }
(inventory tree) >want
for name in user.text trusted.link security.selinux security.capability posix_acl_default; do
	grep -q "$name" want || fail "the tree has no $name"
done

pack_gnu -cf in-gnu.tar tree
pack_bsd -cf in-bsd.tar tree
for fs in ext4 xfs btrfs; do
	for from in gnu bsd; do
		echo "== $fs, from $from"
		make_fs "$fs"
		run anyfs mkdir "$img" /in
		run anyfs tar-in "$img" /in <in-$from.tar
		check_fs "$fs"
		run anyfs tar-out "$img" /in >out.tar
		for to in gnu bsd; do
			rm -rf out
			mkdir out
			run unpack_$to -xf out.tar -C out
			(inventory out/tree) >got
			diff want got || fail "$fs, from $from to $to: the unpacked files differ from the packed ones"
		done
	done
	# The same without an archive.
	rm -rf out
	run anyfs put -a "$img" tree /put
	check_fs "$fs"
	run anyfs get "$img" /put out
	(inventory out) >got
	diff want got || fail "$fs, put and get changed the tree"
done
