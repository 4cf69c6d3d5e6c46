#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The server ends cleanly while it keeps a file open for a client that has disconnected.
. "${0%/*}/lib-serve.sh"
mkdir tree
echo hello >tree/hello
image_ext4 tree
serve anyfs-ksmbd -w --guest "$img"
run "${0%/*}/smb-durable.py" "$port" p0 hello
run "${0%/*}/smb-durable.py" "$port" p0 new
stop_server
run e2fsck -fn "$img" >/dev/null
