#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The examples of bindings/node/README.md run unchanged.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

mkdir -p efi root/etc node_modules/@anyfs
ln -s "$package" node_modules/@anyfs/native
echo boot >efi/boot
echo example-host >root/etc/hostname
echo "NAME=Example" >root/etc/os-release
image_gpt efi root

awk '/^```js$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print >("example" n ".mjs") }' \
	"$ANYFS_TOP/bindings/node/README.md"
[ -f example3.mjs ] || fail "the README has less than three examples"
for example in example*.mjs; do
	run node "$example" >"$example.out"
done
grep -qx example-host example1.mjs.out || fail "no host name: $(cat example1.mjs.out)"
grep -qx NAME=Example example1.mjs.out || fail "no stream: $(cat example1.mjs.out)"
grep -q '^/p2 ext4' example2.mjs.out || fail "no partition: $(cat example2.mjs.out)"
grep -q "^ENOENT ENOENT: no such file or directory, open '/p2/missing'$" example3.mjs.out ||
	fail "no error: $(cat example3.mjs.out)"
grep -q "table: 'gpt'" example4.mjs.out || fail "no information: $(cat example4.mjs.out)"
[ "$(tar -xOf etc.tar hostname)" = example-host ] || fail "no archive: $(tar -tf etc.tar)"
same etc/hostname root/etc/hostname
[ "$(run anyfs cat copy.img /p2/etc/motd)" = hello ] || fail "the copy of the frozen disk is old"
grep -q hostname example7.mjs.out || fail "no isolated listing: $(cat example7.mjs.out)"
[ "$(run anyfs cat disk.img /p2/srv/data/note)" = "written from Node.js" ] || fail "nothing written"
