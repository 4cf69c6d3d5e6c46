#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Every file of an image is read correctly over SMB, shares are listed, and reading does not
# change the image.
. "${0%/*}/lib-serve.sh"
requires smbclient --version
make_tree tree
mkdir boot
echo "on the first partition" >boot/boot
image_gpt boot tree
cp "$img" before.img
export ALICE=secret

serve anyfs-ksmbd --user alice:env:ALICE --share "p1:comment=the first" --share p2 \
	--share "back=p2/d:hide" "$img"
grep -q "serving $img at 127.0.0.1:$port, read-only: p1 p2 back" served ||
	fail "output: $(cat served)"
smbclient -s /dev/null -g -p "$port" -U alice%secret -L 127.0.0.1 >list 2>list.err ||
	fail "smbclient -L: $(cat list list.err)"
grep -q '^Disk|p1|the first$' list || fail "listed: $(cat list)"
grep -q '^Disk|p2|$' list || fail "listed: $(cat list)"
grep -q '^IPC|IPC\$|' list || fail "listed: $(cat list)"
if grep -q back list; then fail "a hidden share was listed"; fi
smb p1 'get boot got.boot' >out
expect "on the first partition" <got.boot
mkdir got
(cd got && smb p2 'recurse; prompt; mget *' >../out) || fail "mget: $(cat out)"
rm -rf got/lost+found
sums tree >tree.sums
sums got >got.sums
same tree.sums got.sums
smb back 'get size-4097 part' >out
same tree/d/size-4097 part
if smb p2 'put tree/hello new' >out 2>&1; then fail "a file was written to a read-only share"; fi
if smb none 'ls' >out 2>&1; then fail "a share that does not exist was found"; fi
stop_server
same before.img "$img"
