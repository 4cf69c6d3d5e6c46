// SPDX-License-Identifier: GPL-2.0
/*
 * large.mjs write|read IMAGE PATH - write to, or read from, the file system at PATH of IMAGE, which
 * may lie beyond 4 GiB; it has a file of 6 GiB
 */
import assert from 'node:assert/strict';
import { open as openFile } from 'node:fs/promises';

const { open } = await import(process.env.ANYFS_CORE);
const [what, image, path] = process.argv.slice(2);
const SIZE = 6 * 2 ** 30;
const root = path.replace(/\/$/, '');

async function write() {
  await using disk = await open(image, { write: true });
  await disk.writeFile(`${root}/new`, 'beyond 4 GiB\n');
  await using file = await disk.open(`${root}/sparse`, 'w+');
  await file.write(new TextEncoder().encode('the end'), SIZE - 7);
}

async function read(from) {
  await using disk = await open(from);
  const part = (await disk.partitions()).find((one) => one.path === path);
  assert.deepEqual([part.offset, part.fstype], [path === '/' ? 0 : 5 * 2 ** 30, 'ext4']);
  assert.equal((await disk.stat(`${root}/sparse`)).size, SIZE);
  const end = await new Response(disk.readStream(`${root}/sparse`, { start: SIZE - 10 })).text();
  assert.equal(end, '\0\0\0the end');
  assert.equal(await new Response(disk.readStream(`${root}/new`)).text(), 'beyond 4 GiB\n');
}

if (what === 'write') {
  await write();
} else {
  await read(image);
  // Use another source that answers later, because a Blob of Node.js has at most 2 GiB.
  const file = await openFile(image);
  await read({
    size: (await file.stat()).size, name: 'later',
    read: async (into, offset) => {
      const data = new Uint8Array(into.length);
      await file.read(data, 0, data.length, offset);
      into.set(data);
    },
  });
  await file.close();
}
