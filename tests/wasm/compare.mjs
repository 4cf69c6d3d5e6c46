// SPDX-License-Identifier: GPL-2.0
/*
 * compare.mjs IMAGE ROOT TREE - check that the wasm kernel reads the files of TREE below ROOT of
 * IMAGE
 */
import { manifest } from './manifest.mjs';
import { assertSame } from './host-manifest.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, root, tree] = process.argv.slice(2);

await using disk = await open(image, { print: (text) => process.stderr.write(text) });
await assertSame(await manifest(disk, root), tree);
