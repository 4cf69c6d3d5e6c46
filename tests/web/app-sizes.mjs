// SPDX-License-Identifier: GPL-2.0
/*
 * app-sizes.mjs IMAGE COPY - the sizes of directories on two disks, which have the same inode numbers
 *
 * The only files of IMAGE are two hard links, "a" and "b"; COPY is a copy of it.
 */
import assert from 'node:assert/strict';

import { measure } from '../../ts/app/src/find/sizes.ts';

const { open } = await import(process.env.ANYFS_CORE);
await using disk = await open(process.argv.slice(2));
const bytes = 512 * (await disk.stat('/disk0/a')).blocks;
assert.ok(bytes >= 100_000);
const tree = await measure(disk, '/', new AbortController().signal, () => {});
for (const { path, children } of tree.children) {
  const sizes = children.filter(({ name }) => /^[ab]$/.test(name)).map((file) => file.bytes);
  assert.deepEqual(sizes.sort((a, b) => a - b), [0, bytes], path);
}
assert.deepEqual(tree.children.map(({ path }) => path), ['/disk0', '/disk1']);
