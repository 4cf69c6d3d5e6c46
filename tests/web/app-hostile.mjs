// SPDX-License-Identifier: GPL-2.0
/*
 * app-hostile.mjs GOOD HOSTILE SEED... - images that were made to do harm, in the application
 *
 * GOOD has an ext4 in /p2.  HOSTILE kills its kernel when /deep/er/est is read.  Copies of each SEED are
 * damaged in several places: the page shows what it can, or says why not, and GOOD stays open in
 * another page all the time.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { damaged } from '../wasm/damage.mjs';
import { chooseImage, file, openApp, openFolder, partition } from './app.mjs';

const [good, hostile, ...seeds] = process.argv.slice(2);
const COPIES = 3;
const { page, context, url, close } = await openApp();

await chooseImage(page, good);
await partition(page, 'anyfs-test (Partition 2)').waitFor();
let folder = 0;
async function otherWorks() {
  await openFolder(page, folder++ % 2 ? '/p2/deep' : '/p2/deep/er');
  await file(page, folder % 2 ? 'est' : 'er').waitFor();
}

const other = await context.newPage();
const stopped = other.getByRole('heading', { name: 'The kernel has stopped' });
const reopen = other.getByRole('button', { name: 'Open the image again' });
await other.goto(url);
await chooseImage(other, hostile);
for (let round = 0; round < 2; round++) {
  await file(other, 'deep').waitFor();
  await openFolder(other, '/deep/er/est');
  await stopped.waitFor();
  await other.getByText(/the kernel died: .*panic forced after error/).waitFor();
  await otherWorks();
  // Otherwise the directory that killed the kernel would be opened again.
  await openFolder(other, '/');
  await reopen.click();
}

/** The screens that a page ends with. */
const screens = {
  partitions: other.locator('main.map'), files: other.locator('main.files'),
  error: other.getByRole('alert'), unknown: other.getByText('No disk is recognised in this file'),
};
const count = { partitions: 0, files: 0, error: 0, unknown: 0 };
for (const seed of seeds) {
  const content = readFileSync(seed);
  for (let copy = 0; copy < COPIES; copy++) {
    writeFileSync('damaged.img', damaged(content, basename(seed), copy));
    await other.goto('about:blank');
    await other.goto(url);
    await chooseImage(other, 'damaged.img');
    await Object.values(screens).reduce((a, b) => a.or(b)).first().waitFor();
    for (const [name, screen] of Object.entries(screens))
      count[name] += Math.sign(await screen.count());
    await otherWorks();
    process.stderr.write(`${seed}, copy ${copy}: ${JSON.stringify(count)}\n`);
  }
}
assert.ok(count.partitions + count.files, 'the damage is too large');
await close();
