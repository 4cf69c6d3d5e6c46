// SPDX-License-Identifier: GPL-2.0
/*
 * hostile.mjs GOOD COPIES SEED... - open damaged copies of each SEED, kept in memory
 *
 * A damaged image causes errors with codes, or ends its own kernel, but no other kernel: GOOD can
 * be read all the time.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { damaged } from './damage.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [good, copies, ...seeds] = process.argv.slice(2);
const FILES = 200;

/** Read and change the file systems of the disk. */
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
    const data = damaged(content, basename(seed), copy);
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
