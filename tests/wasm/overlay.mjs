// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.mjs IMAGE EXPORTED - change IMAGE in memory, and write the changed disk to EXPORTED
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

const { open } = await import(process.env.ANYFS_CORE);
const [image, exported] = process.argv.slice(2);

await using disk = await open(image, { overlay: true });
await disk.writeFile('/p0/new', 'kept in memory\n');
await disk.rename('/p0/os-release', '/p0/deep/moved');
await writeFile(exported, disk.export());
// The disk goes on.
await disk.writeFile('/p0/later', 'not exported\n');
assert.equal((await disk.stat('/p0/later')).size, 13);
