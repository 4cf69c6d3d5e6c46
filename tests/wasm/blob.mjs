// SPDX-License-Identifier: GPL-2.0
/*
 * blob.mjs IMAGE ROOT TREE - like compare.mjs, with a Blob, whose bytes come later, and after the
 * disk was opened and closed several times
 */
import { openAsBlob } from 'node:fs';
import { manifest } from './manifest.mjs';
import { assertSame } from './host-manifest.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, root, tree] = process.argv.slice(2);

for (let i = 0; i < 3; i++) {
  await using disk = await open(await openAsBlob(image));
  await disk.partitions();
}
await using disk = await open(await openAsBlob(image));
await assertSame(await manifest(disk, root), tree);
