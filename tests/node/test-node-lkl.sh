#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The package lkl has the interface of node-lkl, and the examples of its README run.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

lkl=$ANYFS_BUILD/lib/node_modules/lkl
[ -f "$lkl/index.js" ] || fail "$lkl: missing: run make node"
# The build installs Bluebird with its other npm packages.
export NODE_PATH=$NODE_PATH:$ANYFS_BUILD/node/node_modules

mkdir -p efi root/etc
echo boot >efi/boot
echo example-host >root/etc/hostname
echo "NAME=Example" >root/etc/os-release
image_gpt efi root

awk '/^```js$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print >("example" n ".js") }' \
	"$ANYFS_TOP/bindings/node/lkl/README.md"
expected=("" example-host hello NAME=Example "[ 'boot' ]")
for n in 1 2 3 4; do
	run node "example$n.js" >"example$n.out"
	expect "${expected[n]}" <"example$n.out"
done
[ "$(run anyfs cat disk.img /p2/etc/motd)" = hello ] || fail "the second example wrote nothing"

run_node "${BASH_SOURCE[0]%/*}/lkl.js" disk.img
