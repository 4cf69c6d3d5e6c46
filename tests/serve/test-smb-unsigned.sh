#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The server refuses requests without a signature, and plain requests if clients must encrypt.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir tree
echo hello >tree/hello
image_ext4 tree
export ALICE=secret

try() { run "${0%/*}/smb-unsigned.py" "$port" p0 "$1"; }

serve anyfs-ksmbd --user alice:env:ALICE "$img"
for case in signed no-signature bad-signature no-cipher cipher; do
	try $case
done
stop_server

serve anyfs-ksmbd --user alice:env:ALICE --encrypt required "$img"
for case in no-signature no-cipher cipher; do
	try $case
done
# A client that cannot encrypt is refused even if it signs.
! smbclient -s /dev/null -p "$port" -U alice%secret -m SMB2_10 //127.0.0.1/p0 -c ls >out 2>&1 ||
	fail "SMB 2.1 was accepted: $(cat out)"
grep -q NT_STATUS_ACCESS_DENIED out || fail "SMB 2.1: $(cat out)"
smb p0 "get hello -" 2>/dev/null | expect hello
stop_server
