# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of pages, in Chromium:
#
#	web SCRIPT [ARGS]		run a script of this directory with a Node.js that has JSPI
#	bundle PAGE DIR [REACT]		let Vite build the page PAGE/index.html of this directory
#					into DIR, with React from the npm package in ts/REACT
. "${BASH_SOURCE[0]%/*}/../wasm/lib-wasm.sh"

export ANYFS_NPM=$ts/package.json
web_dir=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
[ -d "$ts/packages/react/dist" ] || fail "@anyfs/react is not built: run tools-dev/build-web"

web() {
	local script=$1
	shift
	run "$wasm_node" "$web_dir/$script" "$@"
}

bundle() {
	local page=$1 dir=$2
	ANYFS_REACT=${3:+$ts/$3} run "$wasm_node" "$ts/node_modules/vite/bin/vite.js" build \
		--config "$web_dir/vite.config.mjs" --configLoader native --logLevel error --outDir "$PWD/$dir" \
		--emptyOutDir "$web_dir/$page"
}
