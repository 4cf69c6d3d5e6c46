// SPDX-License-Identifier: GPL-2.0
/*
 * noise.mjs IMAGE - IMAGE is a disk with no partition and no content that is recognised
 */
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [image] = process.argv.slice(2);

await using disk = await open(image);
const parts = await disk.partitions();
assert.deepEqual(parts.map(({ path, fstype, content }) => [path, fstype, content]), [['/', null, '']]);
assert.equal(await disk.tableType(), '');
