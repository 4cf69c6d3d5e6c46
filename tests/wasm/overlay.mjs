// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.mjs IMAGE EXPORTED - change IMAGE in memory, and write the changed disk to EXPORTED
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

const { open } = await import(process.env.ANYFS_CORE);
const [image, exported] = process.argv.slice(2);

await using disk = await open(image, { overlay: true });
await disk.writeFile('/new', 'kept in memory\n');
await disk.rename('/os-release', '/deep/moved');
await writeFile(exported, disk.export());
// The disk goes on.
await disk.writeFile('/later', 'not exported\n');
assert.equal((await disk.stat('/later')).size, 13);
