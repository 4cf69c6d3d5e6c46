#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The archives that npm makes of @anyfs/core, react and trees contain everything that a project
# with Vite needs.
#
# The packages that they depend on are those of the workspace, since a test has no network.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"
requires command -v npm

make_unix_tree tree
image_ext4 tree ext4.img
cp -r "$web_dir/project" project
mkdir -p project/node_modules/@anyfs archives
for dependency in "$ts"/node_modules/*; do
	[ "${dependency##*/}" = @anyfs ] || ln -s "$dependency" project/node_modules/
done
for name in core react trees; do
	(cd "$ts/packages/$name" && HOME=$OLDPWD npm pack --silent --ignore-scripts \
		--cache "$OLDPWD/cache" --pack-destination "$OLDPWD/archives" >/dev/null) ||
		fail "npm pack $name"
	mkdir "project/node_modules/@anyfs/$name"
	tar -xzf archives/anyfs-$name-*.tgz --strip-components 1 -C "project/node_modules/@anyfs/$name"
	for file in README.md LICENSE; do
		[ -s "project/node_modules/@anyfs/$name/$file" ] || fail "@anyfs/$name has no $file"
	done
done

(cd project && run "$wasm_node" node_modules/vite/bin/vite.js build --logLevel error --base ./)
cp "$img" project/dist/image
web project.mjs project/dist
