#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A client that stops reading for longer than five seconds gets the whole file, unchanged.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
export ALICE=secret
mkdir tree
head -c 64M /dev/urandom >tree/file
requires mkfs.ext4 -V
scratch_image 96M
mkfs.ext4 -q -d tree "$img"

# The pause must be longer than the kernel's original time limit for sending a message.  After
# that limit the unpatched kernel continued with the next message, although the last one was
# incomplete.  -t is the time limit of smbclient.
slow_get() {
	smbclient -s /dev/null -t 300 -O SO_RCVBUF=65536 -p "$port" -U alice%secret \
		//127.0.0.1/p0 -c 'get file -' 2>err | python3 -c '
import shutil, sys, time
time.sleep(8)
shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)' >got
}

serve anyfs-ksmbd --user alice:env:ALICE "$img"
slow_get || fail "smbclient: $(tail -n 3 err)"
same tree/file got
stop_server
