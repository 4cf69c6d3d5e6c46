#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every file of an image is read correctly over NFS, on all partitions, and reading does not
# change the image.
. "${0%/*}/lib-serve.sh"
requires command -v nfs-ls
make_tree one
mkdir two
echo "on the first partition" >two/boot
image_gpt two one
cp "$img" before.img

serve anyfs-nfsd "$img"
grep -q "serving $img at 127.0.0.1:$port, read-only: /p1 /p2" served || fail "output: $(cat served)"
nfs-ls "$(nfs "")" >root
grep -q ' p1$' root || fail "the root lists: $(cat root)"
grep -q ' p2$' root || fail "the root lists: $(cat root)"
nfs-cat "$(nfs p1/boot)" | expect "on the first partition"
nfs_tree p2 got
rmdir got/lost+found
sums one >one.sums
sums got >got.sums
same one.sums got.sums

# A read-only server refuses changes.
if nfs-cp one/hello "$(nfs p2/new)" >out 2>&1; then
	fail "it was written to"
fi
stop_server
same before.img "$img"

# A directory can be a share, and nothing above it is visible.
serve anyfs-nfsd --share "stuff=p2/d/e" "$img"
nfs-ls "$(nfs "")" >root
grep -q ' stuff$' root || fail "the root lists: $(cat root)"
[ "$(wc -l <root)" -eq 1 ] || fail "the root lists more: $(cat root)"
nfs_tree stuff part
sums one/d/e >one.sums
sums part >got.sums
same one.sums got.sums
if nfs-cat "$(nfs stuff/../../hello)" >out 2>&1; then
	fail "the path led out of the share: $(cat out)"
fi
stop_server

# A bare file system is the share p0; two images are disk0 and disk1.
image_vfat two bare.img
serve anyfs-nfsd "$PWD/bare.img"
nfs-cat "$(nfs p0/boot)" | expect "on the first partition"
stop_server
serve anyfs-nfsd "$PWD/disk.img" "$PWD/bare.img"
nfs-cat "$(nfs disk0_p2/hello)" | expect hello
nfs-cat "$(nfs disk1_p0/boot)" | expect "on the first partition"
stop_server
