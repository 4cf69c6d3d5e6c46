#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# @anyfs/core reports the same extents as the native tool, even for a file with more extents than
# one call returns, and EOPNOTSUPP for a file system that does not report extents.
. "${BASH_SOURCE[0]%/*}/lib-wasm.sh"

make_unix_tree tree
# 600 blocks with a hole after each.
python3 - <<'PYTHON'
with open("tree/holes", "wb") as f:
    for i in range(600):
        f.seek(i * 8192)
        f.write(b"x" * 4096)
PYTHON
image_ext4 tree ext4.img
for path in /holes /deep/big /sparse /zero; do
	run anyfs extents --json "$img" "$path" >native
	wasm extents.mjs "$img" "$path" >own
	python3 - native own <<'PYTHON' || fail "$path: $(cat native own)"
import json, sys
native, own = (json.load(open(name)) for name in sys.argv[1:])
sys.exit(native[0]["extents"] != own)
PYTHON
	cp own "own${path//\//-}"
done
count=$(python3 -c 'import json; print(len(json.load(open("own-holes"))))')
[ "$count" -gt 256 ] || fail "/holes has $count extents"

make_tree fat-tree
image_vfat fat-tree vfat.img 32M
[ "$(wasm extents.mjs "$img" /deep/big)" = EOPNOTSUPP ] || fail "vfat reports extents"
