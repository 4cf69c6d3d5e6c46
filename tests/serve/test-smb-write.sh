#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Files that clients write over SMB are in the image when the server has ended, and the file
# system is clean.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
make_tree tree
mkdir empty
image_ext4 empty disk.img 64M
export ALICE=secret

serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
smb p0 'recurse; prompt; lcd tree; mput *' >out || fail "mput: $(cat out)"
smb p0 'rename hello hello2; mkdir new; rm d/size-4095; rename d/size-4096 new/moved' >out ||
	fail "rename: $(cat out)"
# smbclient does not report the error; the trees are compared below.
smb p0 'rmdir d' >out 2>&1 || true
if smb p0 'get hello' >out 2>&1; then fail "a renamed file is still there"; fi
stop_server
run e2fsck -fn "$img" >/dev/null
mv tree/hello tree/hello2
mkdir tree/new
rm tree/d/size-4095
mv tree/d/size-4096 tree/new/moved
mkdir got
run anyfs get "$img" / got
rm -rf got/lost+found
sums tree >tree.sums
sums got >got.sums
same tree.sums got.sums
