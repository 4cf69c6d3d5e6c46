// SPDX-License-Identifier: GPL-2.0
//
// reopen.mjs IMAGE PATH COUNT [worker] - open and close a disk COUNT times; the memory of the process
// must not grow with the number of opens
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [image, path, count, worker] = process.argv.slice(2);
const MIB = 1 << 20;
const FIRST = 50;

async function rounds(number) {
  for (let i = 0; i < number; i++) {
    const disk = await open(image, { worker: worker !== undefined });
    assert.ok(await disk.stat(path));
    await disk.close();
  }
  gc();
  return process.memoryUsage().rss;
}

const first = await rounds(FIRST);
const last = await rounds(Number(count) - FIRST);
process.stderr.write(`${first / MIB} MiB after ${FIRST} opens, ${last / MIB} MiB after ${count}\n`);
// One instance has 48 MiB, of which some 10 are used.
assert.ok(last - first < 100 * MIB, `${(last - first) / MIB} MiB more after ${count} opens`);
