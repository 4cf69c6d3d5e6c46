// SPDX-License-Identifier: GPL-2.0
//
// opens.mjs IMAGE PATH - open and close a disk 300 times; the memory of the process must not
// grow with the number of opens
import assert from 'node:assert';

const { open } = await import(process.env.ANYFS_CORE);
const [image, path] = process.argv.slice(2);
const MIB = 1 << 20;

async function rounds(count) {
  for (let i = 0; i < count; i++) {
    const disk = await open(image);
    assert.ok(await disk.stat(path));
    await disk.close();
  }
  gc();
  return process.memoryUsage().rss;
}

const first = await rounds(50);
const last = await rounds(250);
// One instance has 48 MiB, of which some 10 are used.
assert.ok(last - first < 100 * MIB, `${(last - first) / MIB} MiB more after 250 opens`);
