#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# If the reader of a pipe closes it early, the verb that writes to the pipe ends without a
# message, and with the status of a program that SIGPIPE ended.
. "${0%/*}/../lib.sh"
mkdir tree
head -c 20000000 /dev/zero >tree/large
image_ext4 tree
set +o pipefail
anyfs cat "$img" /large 2>err | head -c 10 >out
code=${PIPESTATUS[0]}
[ "$(stat -c %s out)" -eq 10 ] || fail "read $(stat -c %s out) bytes"
[ "$code" -eq 141 ] && [ ! -s err ] || fail "exit $code: $(cat err)"

# Run a command that writes to a pipe without a reader.
into_closed_pipe() {
	python3 -c '
import os, subprocess, sys
r, w = os.pipe()
os.close(r)
done = subprocess.run(sys.argv[1:], stdout=w, stderr=subprocess.PIPE)
sys.exit(0 if (done.returncode, done.stderr) == (141, b"") else repr(done))' "$@"
}
into_closed_pipe anyfs cat "$img" /large
into_closed_pipe anyfs stat "$img" /large
into_closed_pipe anyfs ls --json "$img"
into_closed_pipe anyfs diff "$img" tree
into_closed_pipe anyfs tar-out "$img" /
echo "$img" >list
into_closed_pipe anyfs scan --list list --do ls --out scanned --json-lines
into_closed_pipe anyfs put --json "$img" err /written
[ "$(anyfs cat "$img" /written)" = "" ] || fail "the file was not written"
# A full device is reported as an error.
[ -w /dev/full ] || exit 0
code=0
anyfs cat "$img" /large >/dev/full 2>err || code=$?
[ "$code" -ne 0 ] || fail "exit 0 although nothing could be written"
grep -q 'No space left' err || fail "no reason: $(cat err)"
