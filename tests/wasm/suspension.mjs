// SPDX-License-Identifier: GPL-2.0
/*
 * suspension.mjs IMAGE [KIND] - list IMAGE with kernels that are suspended by KIND
 *
 * Without KIND this Node.js has no JSPI, and asking for JSPI is an error.
 */
import assert from 'node:assert/strict';

const { open } = await import(process.env.ANYFS_CORE);
const [image, suspension] = process.argv.slice(2);

if (!suspension)
  await assert.rejects(open(image, { suspension: 'jspi' }), /this engine has no .*JSPI/);
// Two kernels at the same time: each has its own room for suspended functions.
const disks = await Promise.all([0, 1].map(() => open(image, { suspension })));
const lists = await Promise.all(disks.map(async (disk) => {
  const names = [];
  for await (const { name } of disk.readdir('/'))
    names.push(name);
  return names.sort();
}));

assert.ok(lists[0].includes('suspension.mjs'));
assert.deepEqual(lists[0], lists[1]);
const file = await disks[0].open('/suspension.mjs');
assert.match(await file.text(), /^\/\/ SPDX/);
await file.close();
await Promise.all(disks.map((disk) => disk.close()));
