#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Signals end a mount whose disk does not answer: the second signal within a time
# limit, the third one at once, with a message and exit status 1.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
[ "${ANYFS_FLAVOUR-}" = "" ] || skip "a sanitizer must be the first library"
stall=$ANYFS_BUILD/meson/tests/fuse/stall.so
[ -r "$stall" ] || fail "no $stall"

stop() { printf 1 | dd of=flag conv=notrunc status=none; }
go_on() { printf '\0' | dd of=flag conv=notrunc status=none; }
printf '\0' >flag
at_exit go_on

start() {
	STALL=$PWD/flag LD_PRELOAD=$stall anyfs-fuse -f --write "$img" "$mnt" 2>server.log &
	server=$!
	at_exit "kill -9 $server 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for test -d "$mnt/lost+found"
}

# end_with TEXT SIGNALS: the given number of signals ends the server, which prints TEXT
end_with() {
	local code=0
	for ((i = 0; i < $2; i++)); do
		kill -TERM "$server"
		# Wait until the signal is handled: a second signal is lost while the first is
		# pending.
		wait_for taken
	done
	timeout 300 tail --pid="$server" -f /dev/null || fail "the process does not end"
	wait "$server" || code=$?
	[ "$code" -eq 1 ] || fail "exit $code: $(cat server.log)"
	grep -q "$1" server.log || fail "not reported: $1: $(cat server.log)"
	go_on
	wait_for eval "! grep -q ' $mnt ' /proc/mounts"
}
# SIGTERM is bit 14 of the pending signals.
taken() {
	[ ! -e "/proc/$server" ] || grep -q '^ShdPnd:.*[012389ab]...$' "/proc/$server/status"
}
# Wait until the program waits for the server.
stuck() { grep -q -e fuse -e request_wait -e folio "/proc/$1/wchan"; }

mkdir files
echo content >files/small
head -c 4M /dev/urandom >files/big
image_ext4 files disk.img 64M

for signals in 2 3; do
	start
	stop
	cat "$mnt/big" >/dev/null 2>&1 &
	wait_for stuck $!
	end_with "not answered in time: data written last may be missing" $signals
	wait $! 2>/dev/null || true
done

# No program waits for the server, but the image cannot be flushed.
start
echo more >"$mnt/more"
ls -l "$mnt" >/dev/null
stop
end_with "in time: data written last may be missing" 3

# The disk answers: two signals lose nothing.
start
echo last >"$mnt/last"
kill -TERM "$server"
kill -TERM "$server" 2>/dev/null || true
wait "$server" || true
run e2fsck -fy "$img" >fsck.log || fail "$(cat fsck.log)"
