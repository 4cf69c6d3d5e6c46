#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two SMB clients at the same time: a file that one client holds open without sharing its
# deletion cannot be deleted or renamed by the other one, which can still read and write it.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir tree
echo hello >tree/held
echo olleh >new
image_ext4 tree disk.img 64M
export ALICE=secret

refused() {
	smb p0 "$1" >out 2>&1 || true
	grep -q NT_STATUS_SHARING_VIOLATION out || fail "$1 while the file is open: $(cat out)"
}
allowed() {
	smb p0 "$1" >out 2>&1 || fail "$1: $(cat out)"
	if grep -q NT_STATUS_ out; then fail "$1: $(cat out)"; fi
}
# "open" of smbclient shares reading and writing, but not deletion.  The client then waits for a
# reader of each FIFO; a copied file shows that the commands before it have ended.
is_open() { cmp -s tree/held opened; }
hold() {
	mkfifo read end
	smbclient -s /dev/null -p "$port" -U alice%secret //127.0.0.1/p0 \
		-c 'open held; get held opened; get held read; get held end' >holder.out 2>&1 &
	holder=$!
	at_exit "kill -9 $holder 2>/dev/null"
	wait_for is_open
}

serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
hold
refused 'rm held'
refused 'rename held moved'
allowed 'get held got'
same tree/held got
allowed 'put new held'
timeout 300 cat read | cmp - new || fail "the holder does not see the new data"
refused 'rm held'
# The open file ends with the connection of its holder.
timeout 300 cat end >/dev/null
wait "$holder" || fail "the holder: $(cat holder.out)"
unset 'cleanups[-1]'
deleted() { smb p0 'rm held' >out 2>&1 && ! grep -q NT_STATUS_SHARING out; }
wait_for deleted
if smb p0 'get held back' >out 2>&1; then fail "a deleted file is still there"; fi
stop_server
run e2fsck -fn "$img" >/dev/null
