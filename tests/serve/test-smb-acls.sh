#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# smbcacls shows the owners and permissions of files by name, and changes them.  It connects only
# to port 445, so the server and the client run in a network of their own.
requires_network() {
	unshare -rn true 2>/dev/null || { echo "no user namespaces here"; exit 77; }
	ANYFS_PRIVATE=1 exec unshare -rn "$0"
}
[ "${ANYFS_PRIVATE-}" ] || requires_network
. "${0%/*}/lib-serve.sh"
requires smbcacls --version
mkdir tree
echo hello >tree/hello
image_ext4 tree disk.img 64M
echo secret >password
run python3 - <<'PYTHON'
import fcntl, socket, struct
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
PYTHON

acls() {
	smbcacls -s /dev/null -U alice%secret //127.0.0.1/p0 "$@" >out 2>&1 ||
		fail "smbcacls $*: $(cat out)"
}

serve anyfs-ksmbd -P 445 -w --user alice:file:password "$img"
acls hello
matches '^OWNER:Unix User.root$' <out || fail "smbcacls: $(cat out)"
matches '^GROUP:Unix Group.root$' <out || fail "smbcacls: $(cat out)"
matches '^ACL:Unix User.root:ALLOWED/' <out || fail "smbcacls: $(cat out)"
matches '^ACL:.*Everyone:ALLOWED/' <out || fail "smbcacls: $(cat out)"
# Without an ACL the kernel ignores a new owner.
acls hello -S 'REVISION:1,OWNER:ANYFS\1000,GROUP:Unix Group\100,ACL:ANYFS\1000:ALLOWED/0x0/FULL'
acls hello
matches '^OWNER:ANYFS.1000$' <out || fail "after a change of the owner: $(cat out)"
matches '^GROUP:Unix Group.100$' <out || fail "after a change of the group: $(cat out)"
stop_server
anyfs ls -l "$img" /hello >out
matches ' 1000 *100 ' <out || fail "the file has the owner: $(cat out)"
