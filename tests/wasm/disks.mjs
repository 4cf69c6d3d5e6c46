// SPDX-License-Identifier: GPL-2.0
/*
 * disks.mjs - block requests of several pieces, from sources that answer at once or later
 */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';

const module = (name) => import(new URL(`${name}.js`, `file://${process.env.ANYFS_CORE}`));
const { Disks } = await module('disks');
const { cpu, op, request, iov } = await module('layout');
const { Memory } = await module('memory');

const REQ = 1024;
const PIECES = [[0x8000, 4096], [0x3000, 4096], [0x5000, 512]];
const LEN = 8704;
const OFFSET = 1536;
const content = randomFillSync(new Uint8Array(16384));

/** A kernel with one disk, which gets one request at a time. */
function setup(source) {
  const mem = new Memory(65536);
  let completed;
  const disks = new Disks(mem, () => completed());
  disks.cpu = 512;
  disks.describe({ size: content.length, name: 'test', ...source }, 0);
  return {
    mem, disks,
    async transfer(operation) {
      PIECES.forEach(([base, len], i) => {
        mem.setU32(2048 + i * iov.size + iov.base, base);
        mem.setU32(2048 + i * iov.size + iov.len, len);
      });
      mem.setU32(REQ + request.iov, 2048);
      mem.setU32(REQ + request.nrIov, PIECES.length);
      mem.setU32(REQ + request.op, operation);
      mem.setI64(REQ + request.offset, OFFSET);
      mem.view.setInt32(REQ + request.status, 0, true);
      const answered = new Promise((resolve) => { completed = resolve; });
      if (disks.submit(1, REQ)) {
        await answered;
        assert.equal(mem.u32(512 + cpu.blkDone), REQ);
      }
      return mem.view.getInt32(REQ + request.status, true);
    },
    pieces: () => Buffer.concat(PIECES.map(([base, len]) => mem.bytes.subarray(base, base + len))),
  };
}

for (const later of [false, true]) {
  const calls = [];
  let fails = false;
  const after = (fn) => {
    if (fails)
      throw new Error('broken');
    return later ? new Promise((resolve) => setImmediate(() => resolve(fn()))) : fn();
  };
  const stored = new Uint8Array(content.length);
  const { transfer, pieces, mem, disks } = setup({
    // The result of a source that answers at once does not matter.
    read: (into, offset) => after(() => {
      calls.push(into.length);
      into.set(content.subarray(offset, offset + into.length));
      return into;
    }),
    write: (from, offset) => after(() => {
      calls.push(from.length);
      stored.set(from, offset);
    }),
  });

  for (let round = 0; round < 2; round++) {
    for (const [base, len] of PIECES)
      mem.bytes.fill(0, base, base + len);
    assert.equal(await transfer(op.read), 0);
    assert.deepEqual(pieces(), Buffer.from(content.subarray(OFFSET, OFFSET + LEN)));
  }
  assert.equal(await transfer(op.write), 0);
  assert.deepEqual(stored.subarray(OFFSET, OFFSET + LEN), content.subarray(OFFSET, OFFSET + LEN));
  assert.deepEqual(calls, [LEN, LEN, LEN], 'a request is one call of the source');
  fails = true;
  assert.equal(await transfer(op.read), -5);
  assert.equal(disks.takeError().message, 'broken');
}

// The last sector reaches beyond the end of the source, and is zero there.
{
  const { transfer, pieces } = setup({
    size: OFFSET + 5000,
    read: (into, offset) => into.set(content.subarray(offset, offset + into.length)),
  });
  assert.equal(await transfer(op.read), 0);
  const got = pieces();
  assert.deepEqual(got.subarray(0, 5000), Buffer.from(content.subarray(OFFSET, OFFSET + 5000)));
  assert.ok(got.subarray(5000).every((byte) => byte === 0));
}
