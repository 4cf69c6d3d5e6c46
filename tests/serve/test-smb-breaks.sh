#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The server ends at once although requests wait for clients that do not give back their oplocks.
# Otherwise it would wait for 35 seconds.
. "${0%/*}/lib-serve.sh"
mkdir tree
image_ext4 tree
is_waiting() { grep -q waiting breaks.out || ! kill -0 "$client"; }

serve anyfs-ksmbd -w --guest "$img"
"${0%/*}/smb-breaks.py" "$port" p0 >breaks.out 2>&1 &
client=$!
at_exit "kill -9 $client 2>/dev/null"
wait_for is_waiting
grep -q waiting breaks.out || fail "the client has ended: $(cat breaks.out)"
unset 'cleanups[-1]'
begin=$SECONDS
stop_server
[ $((SECONDS - begin)) -lt 25 ] || fail "the server took $((SECONDS - begin)) seconds to end"
run e2fsck -fn "$img" >/dev/null
