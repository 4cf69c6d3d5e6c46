// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.mjs IMAGE EXPORTED CHANGES - change IMAGE in memory, and write the changed disk to
 * EXPORTED and the changes alone to CHANGES
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

const { Overlay, open } = await import(process.env.ANYFS_CORE);
const [image, exported, changes] = process.argv.slice(2);

await using disk = await open(image, { overlay: true });
assert.deepEqual(await disk.changes(), { bytes: 0 });
await disk.writeFile('/new', 'kept in memory\n');
await disk.rename('/os-release', '/deep/moved');
await writeFile(exported, disk.export());
await writeFile(changes, disk.exportChanges());
const { bytes } = await disk.changes();
assert.ok(bytes > 4096 && bytes < 1 << 20, `${bytes} bytes`);
// The disk can still be used.
await disk.writeFile('/later', 'not exported\n');
assert.equal((await disk.stat('/later')).size, 13);

// Writes at the same time into one block, like file systems with blocks of 1 KiB.
const slow = {
  size: 8192, name: 'slow',
  async read(into) {
    await new Promise(setImmediate);
    into.fill(7);
  },
};
const overlay = new Overlay(slow);
await Promise.all([0, 1024, 2048, 3072].map((offset, i) =>
  overlay.write(new Uint8Array(1024).fill(i), offset)));
const block = new Uint8Array(8192);
await overlay.read(block, 0);
assert.deepEqual([0, 1023, 1024, 2048, 3072, 4095, 4096].map((at) => block[at]),
  [0, 0, 1, 2, 3, 3, 7]);

// A commit writes blocks that follow each other together, up to the end of the disk.
const target = new Uint8Array((5 << 20) + 100);
const large = new Overlay({
  size: target.length, name: 'large', read(into, at) { into.set(target.subarray(at, at + into.length)); },
});
await large.write(new Uint8Array(3 << 20).fill(1), 4096);
await large.write(new Uint8Array(10).fill(2), 4608 << 10);
await large.write(new Uint8Array(100).fill(3), 5 << 20);
const writes = [];
for await (const done of large.commit(large.snapshot(), {
  write(from, at) { writes.push([at, from.length]); target.set(from, at); },
}))
  assert.ok(done > 0);
assert.deepEqual(writes, [[4096, 1 << 20], [4096 + (1 << 20), 1 << 20], [4096 + (2 << 20), 1 << 20],
  [4608 << 10, 4096], [5 << 20, 100]]);
assert.deepEqual([4095, 4096, 4095 + (3 << 20), 4096 + (3 << 20), 4608 << 10, (5 << 20) + 99]
  .map((at) => target[at]), [0, 1, 1, 0, 2, 3]);
assert.equal(large.changedBytes, 0);
