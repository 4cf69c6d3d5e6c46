#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An SMB client, and then the server, are killed while a file is being written: the bytes that
# arrived are those that were sent, other clients continue, and the file system is clean.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir empty
image_ext4 empty disk.img 256M
export ALICE=secret
head -c 200M /dev/urandom >big

# The size of a file as another client sees it; empty if the file does not exist.
size_of() { smb p0 "ls $1" 2>/dev/null | awk -v name="$1" '$1 == name { print $3 }'; }
has_arrived() { [ "$(size_of "$1")" -gt 0 ]; }
# The client writes the file repeatedly, so that it cannot end before it is killed.
write_big() {
	yes 'put big big' | smbclient -s /dev/null -p "$port" -U alice%secret //127.0.0.1/p0 \
		>writer.out 2>&1 &
	writer=$!
	at_exit "kill -9 $writer 2>/dev/null"
	wait_for has_arrived big
}
kill_writer() {
	kill -9 "$writer" || fail "the writer ended: $(cat writer.out)"
	wait "$writer" 2>/dev/null || true
	unset 'cleanups[-1]'
}
is_part_of_big() { cmp -n "$(wc -c <"$1")" "$1" big || fail "$1: other bytes than were sent"; }

serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
write_big
kill_writer
echo after >after
smb p0 'put after after' >out || fail "after a client was killed: $(cat out)"
smb p0 'get after got' >out && same after got
smb p0 'get big part' >out || fail "the file of the killed client: $(cat out)"
is_part_of_big part
# Nothing of the killed client prevents others from replacing its file.
put_succeeds() { smb p0 'put after big' >out 2>&1 && ! grep -q NT_STATUS out; }
wait_for put_succeeds
stop_server
run e2fsck -fn "$img" >/dev/null
anyfs cat "$img" /big | expect after

serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
smb p0 'rm big' >out || fail "rm: $(cat out)"
write_big
kill -9 "$server"
wait "$server" 2>/dev/null || true
kill_writer
# The journal is replayed; then the file system must be clean.
e2fsck -fp "$img" >fsck.log || [ $? -eq 1 ] || fail "e2fsck: $(cat fsck.log)"
run e2fsck -fn "$img" >/dev/null
anyfs cat "$img" /after | expect after
