#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# index.d.ts is correct under tsc --strict: correct calls compile, and wrong ones do not.
# It contains the name of each function of disk.fs, without Sync.
. "${BASH_SOURCE[0]%/*}/lib-node.sh"

tsc=$ANYFS_BUILD/node/node_modules/typescript/bin/tsc
types=$ANYFS_BUILD/node/node_modules/@types
[ -f "$tsc" ] || fail "$tsc: missing: run make node"

mkdir -p node_modules/@anyfs
ln -s "$package" node_modules/@anyfs/native
ln -s "$types" node_modules/@types
ln -s "$types/../undici-types" node_modules/undici-types
cp "${BASH_SOURCE[0]%/*}/types.ts" .
run node "$tsc" --strict --skipLibCheck --noEmit --target es2022 --lib es2022,esnext.disposable \
	--module node16 --moduleResolution node16 --types node --preserveSymlinks types.ts

mkdir tree
node_image tree
# shellcheck disable=SC2016  # ${plain} is JavaScript's
run node -e '
	const { open } = require("@anyfs/native");
	const text = require("node:fs").readFileSync(require.resolve("@anyfs/native/package.json")
		.replace("package.json", "index.d.ts"), "utf8");
	open("disk.img").then(async (disk) => {
		const missing = [];
		for (const name of Object.keys(disk.fs)) {
			const plain = name.replace(/Sync$/, "");
			if (!new RegExp(`\\b${plain}\\b`).test(text) && !/^[FRWX]_OK$|^File/.test(name))
				missing.push(name);
		}
		await disk.close();
		if (missing.length)
			throw new Error(`not declared: ${missing}`);
	});'
