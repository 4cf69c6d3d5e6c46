// SPDX-License-Identifier: GPL-2.0
/*
 * hostile.mjs GOOD COPIES SEED... - damaged copies of each SEED, kept in memory
 *
 * A damaged image causes errors with codes, or ends its own kernel, but no other kernel: GOOD can
 * be read all the time.  The damage follows from the name of the seed and the number of the copy.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const { open } = await import(process.env.ANYFS_CORE);
const [good, copies, ...seeds] = process.argv.slice(2);
const FILES = 200;

function numbers(seed) {
  let state = [...seed].reduce((sum, c) => Math.imul(sum ^ c.charCodeAt(0), 16777619), 2166136261) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Change some bytes where the image has content, most of them near others. */
function damage(data, next) {
  const used = [];
  for (let at = 0; at < data.length; at += 4096)
    if (data.subarray(at, at + 4096).some((byte) => byte))
      used.push(at);
  for (let places = 1 + next(24); places > 0; places--) {
    const at = used[next(next(2) ? used.length : Math.min(used.length, 24))] + next(4096);
    for (let i = 0; i < 1 + next(16) && at + i < data.length; i++)
      data[at + i] = next(4) ? next(256) : 255;
  }
}

/** Read and change what there is. */
async function use(disk) {
  for (const { path, fstype, locked } of await disk.partitions()) {
    if (locked)
      await disk.unlock(path, 'right words', { kdfMemory: 64, kdfSeconds: 5 });
    if (!fstype && !locked)
      continue;
    let left = FILES;
    for await (const { path: file, entry } of disk.walk(path, { stats: true })) {
      if (entry.kind === 'file')
        await disk.open(file).then(async (one) => {
          await one.read(0, 65536);
          await one.close();
        });
      if (!left--)
        break;
    }
    await disk.writeFile(`${path}/new`, 'content');
    await disk.rm(`${path}/deep`);
  }
}

const other = await open(good);
const count = { fine: 0, errors: 0, deaths: 0 };
for (const seed of seeds) {
  const content = readFileSync(seed);
  for (let copy = 0; copy < Number(copies); copy++) {
    const data = new Uint8Array(content);
    damage(data, numbers(`${basename(seed)} ${copy}`));
    let disk = null;
    try {
      // A Blob: its bytes come later, and nothing can be written to it.
      disk = await open(new Blob([data]), { overlay: true, memory: 64 });
      await use(disk);
      count.fine++;
    } catch (error) {
      assert.ok(error instanceof Error && /^E[A-Z0-9]+$/.test(error.code),
        `${seed}, copy ${copy}: ${error?.stack}`);
      count[disk?.kernel.death ? 'deaths' : 'errors']++;
    }
    await disk?.close().catch(() => {});
    assert.equal((await other.stat('/os-release')).size, 18);
    process.stderr.write(`${seed}, copy ${copy}: ${JSON.stringify(count)}\n`);
  }
}
await other.close();
assert.ok(count.fine && count.errors, 'the damage is too small or too large');
