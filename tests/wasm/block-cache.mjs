// SPDX-License-Identifier: GPL-2.0
/*
 * block-cache.mjs - read a file in memory through BlockCache
 */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';

const { BLOCK, BlockCache } = await import(new URL('block-cache.js', `file://${process.env.ANYFS_CORE}`));
const limits = { fetchBlocks: 16, aheadBlocks: 64, inFlight: 2, bytes: 8 << 20 };
const content = randomFillSync(new Uint8Array(300 * BLOCK + 777));
const later = () => new Promise((resolve) => setImmediate(resolve));

/** A cache, and the ranges that it fetched. */
function newCache(fail = () => false) {
  const fetched = [];
  let running = 0;
  const cache = new BlockCache(content.length, limits, async (start, end) => {
    fetched.push([start, end]);
    assert.ok(++running <= limits.inFlight, `${running} fetches at the same time`);
    await later();
    running--;
    if (fail(start))
      throw new Error('failed');
    return content.slice(start, end);
  });
  return { cache, fetched };
}

async function check(cache, offset, length) {
  const into = new Uint8Array(length);
  await cache.read(into, offset);
  assert.deepEqual(into, content.slice(offset, offset + length), `${length} bytes at ${offset}`);
}

// A sequential reader gets each byte once, in large pieces, also if one read has many blocks.
for (const step of [4096, 100_000, 1 << 20]) {
  const { cache, fetched } = newCache();
  for (let offset = 0; offset < content.length; offset += step)
    await check(cache, offset, Math.min(step, content.length - offset));
  assert.equal(fetched.reduce((sum, [start, end]) => sum + end - start, 0), content.length);
  assert.ok(fetched.length <= 301 / limits.fetchBlocks + 8, `${fetched.length} fetches`);
}

// A reader that jumps gets no more than the blocks of its reads.
{
  const { cache, fetched } = newCache();
  for (const nr of [250, 10, 130, 70])
    await check(cache, nr * BLOCK + 5, 100);
  assert.deepEqual(fetched.map(([start, end]) => [start / BLOCK, end / BLOCK]),
    [[250, 251], [10, 11], [130, 131], [70, 71]]);
}

// Blocks that are there are read at once, and not fetched again until others took their place.
{
  const { cache, fetched } = newCache();
  await check(cache, 200 * BLOCK, 3 * BLOCK);
  await later();
  assert.equal(cache.read(new Uint8Array(1000), 201 * BLOCK + 1), undefined);
  assert.equal(fetched.length, 1);
  for (let nr = 0; nr < 190; nr++)
    await check(cache, nr * BLOCK, BLOCK);
  await check(cache, 200 * BLOCK, 1);
  assert.equal(fetched.filter(([start, end]) => start <= 200 * BLOCK && end > 200 * BLOCK).length, 2);
}

// Many reads at once, of more blocks than one fetch may have, and the last bytes of the file.
{
  const { cache } = newCache();
  await Promise.all(Array.from({ length: 50 }, (_, i) =>
    check(cache, (i * 37 % 290 + 1) * BLOCK - i, 70_000)));
  await check(cache, 0, content.length);
  await check(cache, content.length - 1, 1);
}

// A fetch that failed fails the reads that wait for it, and is repeated by the next one.
{
  let failures = 1;
  const { cache } = newCache(() => failures-- > 0);
  const reads = [0, 1].map(() => assert.rejects(check(cache, 0, 10), { message: 'failed' }));
  await Promise.all(reads);
  await check(cache, 0, 10);
}
