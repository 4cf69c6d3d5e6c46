#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The examples of docs/embedding.md work: a plain page, a worker, React with Vite, Node.js with both
# kernels; and the sizes in that document are those of the build.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

examples=$ts/examples
modules=$ANYFS_BUILD/lib/node_modules
make_unix_tree tree
image_ext4 tree
cp "$img" before.img

# Copy the package to a server, like a user.
for name in plain worker; do
	cp -r "$examples/$name" .
	cp -r "$modules/@anyfs/core" "$name/core"
done
cp -r "$examples/react" project
mkdir -p project/node_modules/@anyfs
for dependency in "$ts"/node_modules/*; do
	[ "${dependency##*/}" = @anyfs ] || ln -s "$dependency" project/node_modules/
done
for name in core react trees; do cp -r "$modules/@anyfs/$name" project/node_modules/@anyfs/; done
(cd project && run "$wasm_node" node_modules/vite/bin/vite.js build --logLevel error)
web examples.mjs plain worker project/dist "$img" changed.img
same "$img" before.img
run anyfs cat changed.img /hello.txt | expect "written in a page"
run e2fsck -fn changed.img

cp -r "$examples/node" node
mkdir node_modules
ln -s "$modules/@anyfs" node_modules/@anyfs
run "$wasm_node" node/list.mjs "$img" | expect "/ ext4 33554432 anyfs-test"
run "$wasm_node" node/list.mjs "$img" / | matches '^file 18 os-release$' || fail "list.mjs /: no os-release"
! "$wasm_node" node/list.mjs "$img" /missing 2>error || fail "list.mjs lists a missing directory"
matches "^$img: ENOENT: no such file" <error || fail "list.mjs: $(cat error)"
echo "by native.mjs" | run "$wasm_node" node/native.mjs "$img" /note
run anyfs cat "$img" /note | expect "by native.mjs"
! "$wasm_node" node/native.mjs "$img" /missing/note </dev/null 2>error || fail "native.mjs writes to nothing"
matches "^$img: ENOENT" <error || fail "native.mjs: $(cat error)"

# Lines as "| `kernel.wasm` | 12.1 MiB | ...": a tenth more or less is the same size.
for name in kernel kernel-asyncify formats volumes volumes-asyncify; do
	shown=$(sed -n "s/^| \`$name.wasm\` | \([0-9.]*\) \([KM]\)iB |.*/\1\2/p" "$ANYFS_TOP/docs/embedding.md")
	[ -n "$shown" ] || fail "docs/embedding.md: no size of $name.wasm"
	bytes=$(numfmt --from=iec "$shown")
	size=$(stat -c %s "$modules/@anyfs/core/$name.wasm")
	[ $((size * 10)) -gt $((bytes * 9)) ] && [ $((size * 10)) -lt $((bytes * 11)) ] ||
		fail "docs/embedding.md: $name.wasm has $size bytes, not $shown"
done
# Each example that the document names exists, and the other way round.
(cd "$ts" && find examples -type f -name '*.*js*' | sort) >files
grep -o 'examples/[a-z]*/[a-z.]*js[a-z]*' "$ANYFS_TOP/docs/embedding.md" | sort -u >named
run diff files named
