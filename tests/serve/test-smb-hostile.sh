#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The SMB server continues after malformed messages.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
mkdir tree
echo hello >tree/hello
image_ext4 tree
export ALICE=secret

serve anyfs-ksmbd --user alice:env:ALICE "$img"
run python3 "$ANYFS_TOP/tests/serve/garbage.py" "$port"
smb p0 'get hello got' >out || fail "after garbage: $(cat out)"
expect hello <got
stop_server
