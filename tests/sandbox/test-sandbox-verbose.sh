#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# -v lists the restrictions of the sandbox and how an image is open, --no-sandbox removes the
# restrictions, and they hold for every thread.
. "${0%/*}/../lib.sh"
. "${0%/*}/lib-sandbox.sh"
mkdir tree
head -c 1000000 /dev/zero >tree/large
image_ext4 tree
needs_sandbox "$img"
grep -Eq "^anyfs: sandbox: no new privileges; .*seccomp: [0-9]+ system calls allowed; Landlock ABI [0-9]+: no file can be opened$" holds ||
	fail "$(cat holds)"
run anyfs ls -v --no-sandbox "$img" / 2>&1 >/dev/null | grep "^anyfs: sandbox: off"

# How it is known that the image does not change; nothing is claimed if it may change.
run anyfs ls -v "$img" / 2>&1 >/dev/null |
	grep "^anyfs: $img: read-only: it is open for reading only (O_RDONLY), and the sandbox"
run anyfs ls -v --no-sandbox "$img" / 2>&1 >/dev/null |
	grep "^anyfs: $img: read-only: it is open for reading only (O_RDONLY)$"
cp "$img" changed.img
run anyfs mkdir -v changed.img /new 2>err
if grep "read-only: it is open" err; then fail "a writable image is called read-only"; fi
anyfs ls "$img" / 2>err | expect "large
lost+found"
[ ! -s err ] || fail "without -v it prints: $(cat err)"

# While the tool waits for its reader, read the state of its threads from the host's
# kernel.
mkfifo pipe
anyfs cat "$img" /large >pipe &
tool=$!
exec 8<pipe
dd bs=1 count=1 status=none <&8 >first	# the tool is writing, and waits because the pipe is full
threads=0
for task in "/proc/$tool/task"/*; do
	cat "$task/status" >status 2>/dev/null || continue	# the thread has ended
	grep -q "^Seccomp:[[:space:]]*2$" status || fail "$task: $(cat status)"
	grep -q "^NoNewPrivs:[[:space:]]*1$" status || fail "$task: $(cat status)"
	grep -q "^CapEff:[[:space:]]*0*$" status || fail "$task: $(cat status)"
	threads=$((threads + 1))
done
[ $threads -ge 2 ] || fail "only $threads threads"
exec 8<&-
wait $tool || true
