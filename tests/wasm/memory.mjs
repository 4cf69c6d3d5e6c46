// SPDX-License-Identifier: GPL-2.0
/*
 * memory.mjs - numbers and strings in the memory of a kernel
 */
import assert from 'node:assert/strict';

const { Memory } = await import(new URL('memory.js', `file://${process.env.ANYFS_CORE}`));
const mem = new Memory(65536);
const big = () => mem.view.getBigInt64(8, true);

for (const value of [0, 1, -1, -100, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 5 * 2 ** 30 + 7, -(2 ** 40) - 3,
  Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
  mem.setI64(8, value);
  assert.equal(big(), BigInt(value));
  assert.equal(mem.i64(8), value);
  if (value >= 0)
    assert.equal(mem.u64(8), value);
}
mem.setI64(8, -(2n ** 63n));
assert.equal(big(), -(2n ** 63n));
mem.view.setBigUint64(8, 2n ** 64n - 1n, true);
assert.equal(mem.u64(8), 2 ** 64);

for (const text of ['', 'name', 'grüße 日本', '\ufeffmark']) {
  mem.setCstring(100, text, 64);
  assert.equal(mem.cstring(100), text);
}
assert.throws(() => mem.setCstring(100, 'x'.repeat(64), 64), RangeError);
