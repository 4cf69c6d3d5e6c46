#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Of an image of 1 GB on a slow server, Node.js and a page fetch little more than they read.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
head -c 64M /dev/urandom >tree/large
scratch_image 1G
run mke2fs -q -t ext4 -d tree "$img"

# Node.js and the page each have a server of their own, which counts from zero.
for host in wasm chromium; do
	"$wasm_node" "$here/range-server.mjs" "$img" 20 4000000 >"$host.url" &
	server=$!
	at_exit "kill $server"
	wait_for test -s "$host.url"
	$host url-little.mjs "$(cat "$host.url")" tree
done
