// SPDX-License-Identifier: GPL-2.0
/*
 * format-errors.mjs CHILD CUT GOOD - open() fails for CHILD, which has a backing file, for the
 * truncated CUT, and for GOOD with write access or with an unknown format name
 */
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [child, cut, good] = process.argv.slice(2);

await assert.rejects(open(child), (err) => err.code === 'EPERM' && /backing file/.test(err.message));
await assert.rejects(open(cut), (err) => err.code === 'EINVAL' && err.message.includes(cut));
await assert.rejects(open(good, { write: true }), /qcow2 can only be read; use an overlay/);
await assert.rejects(open(good, { format: 'nonsense' }), /nonsense: not a format/);

// As "raw", the disk is the image file itself.
const raw = await open(good, { format: 'raw' });
const [whole] = await raw.partitions();
assert.deepEqual([whole.path, whole.fstype], ['/', null]);
await raw.close();
