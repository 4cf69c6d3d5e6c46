#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files that clients write over NFS are in the image when the server has ended, and the file
# system is clean.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
put=$ANYFS_BUILD/meson/tests/serve/nfs-put
make_tree tree
mkdir empty
image_ext4 empty disk.img 64M

serve anyfs-nfsd -w "$img"
run nfs-cp tree/hello "$(nfs p0/hello)" >/dev/null
"$put" "$(nfs p0)" tree/d/size-* tree/d/e/big tree/many/* || fail "nfs-put: exit $?"
# A client reads the file that another one has just written.
nfs-cat "$(nfs p0/hello)" | expect hello
nfs-cp "$(nfs p0/big)" back >/dev/null
same tree/d/e/big back
# An existing file is replaced.
mkdir again
head -c 3000 /dev/urandom >again/hello
run "$put" "$(nfs p0)" again/hello
# One request of 1 MiB.
head -c 1048576 /dev/urandom >again/size-65536
run python3 "$ANYFS_TOP/tests/serve/big-write.py" "$port" p0 size-65536 again/size-65536
stop_server
run e2fsck -fn "$img" >/dev/null
run anyfs get "$img" / got
for f in again/* tree/d/size-4* tree/d/size-1* tree/d/e/big tree/many/*; do
	same "$f" "got/${f##*/}"
done

# The server was killed: the journal brings the file system back to a clean state, and what
# was confirmed to the client is there.
serve anyfs-nfsd -w "$img"
mkdir confirmed
head -c 100000 /dev/urandom >confirmed/confirmed
run "$put" "$(nfs p0)" confirmed/confirmed
kill -9 "$server"
wait "$server" || true
unset 'cleanups[-1]'
anyfs cat "$img" /confirmed >back
same confirmed/confirmed back
e2fsck -fp "$img" >fsck.log || [ $? -eq 1 ] || fail "e2fsck: $(cat fsck.log)"

# A share can stay read-only beside others.
serve anyfs-nfsd -w --share "closed=p0:ro" --share "open=p0" "$img"
if nfs-cp tree/hello "$(nfs closed/new)" >out 2>&1; then
	fail "a read-only share was written to"
fi
run nfs-cp tree/hello "$(nfs open/new)" >/dev/null
nfs-cat "$(nfs closed/new)" | expect hello
stop_server
run e2fsck -fn "$img" >/dev/null
