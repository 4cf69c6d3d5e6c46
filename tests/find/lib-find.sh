# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A tree with files of every kind, for tests of anyfs find:
#
#	find_tree DIR		make the tree in DIR (as root)
. "${BASH_SOURCE[0]%/*}/../lib.sh"

find_tree() {
	mkdir -p "$1"/{etc/conf.d,usr/share/doc,'odd names',empty,many}
	printf 'root:x:0:0::/:\nann:x:1000:50::/:\n' >"$1/etc/passwd"
	printf 'root:x:0:\nstaff:x:50:\n' >"$1/etc/group"
	local i
	for i in {1..60}; do
		head -c $((i * i * 97)) /dev/zero | tr '\0' x >"$1/many/file$i"
		touch -d "@$((1700000000 + i * 40000))" "$1/many/file$i"
		chmod "$(printf %o $((i * 67 % 512)))" "$1/many/file$i"
		chown $((i % 3 * 1000)):$((i % 2 * 50)) "$1/many/file$i"
	done
	: >"$1/etc/empty.conf"
	echo x >"$1/etc/conf.d/a.conf"
	echo y >"$1/etc/conf.d/.hidden.CONF"
	ln "$1/etc/conf.d/a.conf" "$1/usr/share/doc/hard link"
	ln -s ../etc/passwd "$1/usr/passwd-link"
	ln -s none "$1/odd names/dangling"
	touch "$1/odd names/"{'new
line','ümlaut',' space '}
	mkfifo "$1/usr/fifo"
	mknod "$1/usr/null" c 1 3
	mknod "$1/usr/disk" b 8 1
	chmod 4755 "$1/etc/passwd"
	chmod 1777 "$1/empty"
	setfattr -n user.note -v text "$1/etc/group"
	touch -h -d @1700100000 "$1/usr/passwd-link"
	touch -d @1600000000 "$1/etc" "$1/usr"
}
