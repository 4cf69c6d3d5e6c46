#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The server signs with the first algorithm in the client's list that it supports, in messages of
# all sizes, and errors of requests that it does not process.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
make_tree tree
image_ext4 tree
export ALICE=secret
serve anyfs-ksmbd -w --user alice:env:ALICE "$img"

choose() {
	local expected=$1 got
	shift
	got=$("${0%/*}/smb-negotiate.py" signing "$port" "$@")
	[ "$got" = "$expected" ] || fail "of $*: chose $got instead of $expected"
}
choose 2 2 1 0
choose 1 1 2
choose 2 0 2 1
choose 1 1
choose none 0
choose none 9

signed_by() {
	smbclient -s /dev/null -p "$port" -U alice%secret --client-protection=sign -m SMB3_11 \
		--option="client smb3 signing algorithms=$1" //127.0.0.1/p0 -c "$2" >out 2>&1
}
mkdir got
for algorithm in AES-128-GMAC AES-128-CMAC; do
	signed_by $algorithm "put tree/d/e/big copy; get copy got/copy; ls many/*" ||
		fail "$algorithm: $(cat out)"
	cmp got/copy tree/d/e/big
	signed_by $algorithm 'lcd got; recurse; prompt; mget d' || fail "$algorithm: $(cat out)"
	diff -r tree/d got/d
	if signed_by $algorithm 'ls missing'; then fail "$algorithm: a missing file was listed"; fi
	grep -q NT_STATUS_NO_SUCH_FILE out || fail "$algorithm: $(cat out)"
	rm -r got/copy got/d
done
run "${0%/*}/smb-signed-errors.py" "$port" p0
stop_server
