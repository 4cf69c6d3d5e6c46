// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.mjs IMAGE EXPORTED CHANGES - change IMAGE in memory, and write the changed disk to
 * EXPORTED and the changes alone to CHANGES
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

const { open } = await import(process.env.ANYFS_CORE);
const [image, exported, changes] = process.argv.slice(2);

await using disk = await open(image, { overlay: true });
assert.deepEqual(await disk.changes(), { bytes: 0 });
await disk.writeFile('/new', 'kept in memory\n');
await disk.rename('/os-release', '/deep/moved');
await writeFile(exported, disk.export());
await writeFile(changes, disk.exportChanges());
const { bytes } = await disk.changes();
assert.ok(bytes > 4096 && bytes < 1 << 20, `${bytes} bytes`);
// The disk goes on.
await disk.writeFile('/later', 'not exported\n');
assert.equal((await disk.stat('/later')).size, 13);
