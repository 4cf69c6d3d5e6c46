#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two NFS clients at the same time: locks exclude, one exclusive create wins, open files
# survive rename and unlink, and the file system is clean when a writing client was killed.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
mkdir empty big
image_ext4 empty disk.img 64M

serve anyfs-nfsd -w "$img"
run timeout 300 "$ANYFS_BUILD/meson/tests/serve/nfs-pair" "$(nfs p0)"

# The writer is killed when part of its file has arrived, long before the end of the file.
head -c 45M /dev/urandom >big/big
"$ANYFS_BUILD/meson/tests/serve/nfs-put" "$(nfs p0)" big/big &
writer=$!
arrived() {
	nfs-ls "$(nfs p0)" >list && awk '$NF == "big" && $5 > 0 { n = 1 } END { exit !n }' list
}
wait_for arrived
kill -9 "$writer" || fail "the writer ended before it was killed"
wait "$writer" || true
# Other clients continue, and the file can be replaced.
echo after >after
run nfs-cp after "$(nfs p0/after)" >/dev/null
nfs-cat "$(nfs p0/after)" | expect after
nfs-cat "$(nfs p0/big)" >part
[ "$(wc -c <part)" -lt "$(wc -c <big/big)" ] || fail "the writer had sent the whole file before it was killed"
cmp -n "$(wc -c <part)" part big/big || fail "the server stored other bytes than the client sent"
stop_server
run e2fsck -fn "$img" >/dev/null
anyfs cat "$img" /new-name | expect moved
anyfs cat "$img" /shared | expect "version 2"
