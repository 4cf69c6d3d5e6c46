// SPDX-License-Identifier: GPL-2.0
/*
 * large.mjs IMAGE - a disk of more than 4 GiB with a partition at 5 GiB, and a file of 6 GiB
 */
import assert from 'node:assert/strict';
import { open as openFile } from 'node:fs/promises';

const { open } = await import(process.env.ANYFS_CORE);
const [image] = process.argv.slice(2);
const SIZE = 6 * 2 ** 30;

{
  await using disk = await open(image, { write: true });
  const [{ offset, fstype }] = await disk.partitions();
  assert.deepEqual([offset, fstype], [5 * 2 ** 30, 'ext4']);
  await disk.writeFile('/p1/new', 'beyond 4 GiB\n');
  await using file = await disk.open('/p1/sparse', 'w+');
  await file.write(new TextEncoder().encode('the end'), SIZE - 7);
}
// A source that answers later; a Blob of Node.js ends at 2 GiB.
const file = await openFile(image);
const source = {
  size: (await file.stat()).size, name: 'later',
  read: async (into, offset) => {
    const data = new Uint8Array(into.length);
    await file.read(data, 0, data.length, offset);
    into.set(data);
  },
};
for (const from of [image, source]) {
  await using disk = await open(from);
  assert.equal((await disk.stat('/p1/sparse')).size, SIZE);
  const end = await new Response(disk.readStream('/p1/sparse', { start: SIZE - 10 })).text();
  assert.equal(end, '\0\0\0the end');
  assert.equal(await new Response(disk.readStream('/p1/new')).text(), 'beyond 4 GiB\n');
}
await file.close();
