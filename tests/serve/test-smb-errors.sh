#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A client gets the reason when a share does not exist or a file cannot be read, signed and
# encrypted, and the server keeps running.
. "${0%/*}/lib-serve.sh"
requires command -v smbclient
export PASSWORD=secret

mkdir tree
echo good >tree/good
head -c 100000 /dev/urandom >tree/damaged
run mke2fs -q -t ext4 -O ^extents,^64bit,^metadata_csum -d tree disk.img 20M
img=$PWD/disk.img
# Fill the indirect block of "damaged" with numbers of blocks beyond the end of the disk.
block=$(debugfs -R "stat damaged" disk.img 2>/dev/null | sed -n 's/.*(IND):\([0-9]*\).*/\1/p')
head -c 1024 /dev/zero | tr '\0' '\377' |
	run dd of=disk.img bs=1024 seek="$block" conv=notrunc status=none

says() {
	local reason=$1
	shift
	! "$@" >log 2>&1 || fail "no error: $*"
	grep -q "$reason" log || fail "not $reason: $(cat log)"
	! grep -qi "signature\|decrypt" log || fail "the answer is not signed correctly: $(cat log)"
}

for how in offered required; do
	serve anyfs-ksmbd --encrypt $how --user alice:env:PASSWORD "$img"
	says NT_STATUS_BAD_NETWORK_NAME smb none ls
	says NT_STATUS_OBJECT_NAME_NOT_FOUND smb p0 "get none"
	# ksmbd sends this status for errors that have no status of their own in SMB.
	says NT_STATUS_INVALID_HANDLE smb p0 "get damaged"
	smb p0 "get good -" 2>/dev/null | expect good
	smb p0 "showacls; ls good" >acl 2>&1 || fail "$(cat acl)"
	grep -qi "owner sid" acl || fail "no owner in: $(cat acl)"
	stop_server
done
