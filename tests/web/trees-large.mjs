// SPDX-License-Identifier: GPL-2.0
/*
 * trees-large.mjs PAGE IMAGE - a directory of 100,000 files in the file browser
 */
import assert from 'node:assert/strict';

import { browse } from './trees.mjs';

const COUNT = 100_000;
const b = await browse(...process.argv.slice(2));
const { page } = b;
const rows = () => page.locator('.anyfs-row').count();

await b.at('/');
await page.evaluate(() => {
  window.most = 0;
  new MutationObserver(() => {
    window.most = Math.max(window.most, document.querySelectorAll('.anyfs-row').length);
    const loading = /Loading… ([\d,]+)/.exec(document.querySelector('.anyfs-status').textContent);
    if (loading && document.querySelector('.anyfs-row[data-name^=file]'))
      window.early = loading[1];
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});
const start = Date.now();
await b.row('many').dblclick();
await b.at('/many');
console.log(`${COUNT} files after ${Date.now() - start} ms; the first showed with ${
  await page.evaluate(() => window.early)} loaded`);
assert.equal(await page.getAttribute('.anyfs-grid', 'aria-rowcount'), String(COUNT + 1));
assert.deepEqual((await b.names()).slice(0, 3), ['file 1.txt', 'file 2.txt', 'file 3.txt']);

await page.focus('.anyfs-grid');
await b.keys('End');
await b.shows(`file ${COUNT}.txt`);
await b.hasSelected([`file ${COUNT}.txt`]);
await b.keys('Home');
await b.shows('file 1.txt');
await b.typeAhead('file 77777');
await b.shows('file 77777.txt');
await b.keys('Control+a');
assert.match(await page.textContent('.anyfs-status'), /100,000 selected/);

const frames = await page.evaluate(async () => {
  const grid = document.querySelector('.anyfs-grid');
  const times = [];
  for (let i = 0; i < 120; i++) {
    grid.scrollTop = i * 20_000;
    times.push(await new Promise(requestAnimationFrame));
  }
  return times.slice(1).map((time, i) => time - times[i]).sort((a, c) => a - c);
});
console.log(`120 jumps: median ${frames[60].toFixed(1)} ms, worst ${frames.at(-1).toFixed(1)} ms a frame`);

const sorting = Date.now();
await page.click('.anyfs-head >> text=Name');
await page.evaluate(() => { document.querySelector('.anyfs-grid').scrollTop = 0; });
await b.shows(`file ${COUNT}.txt`);
console.log(`sorted the other way after ${Date.now() - sorting} ms`);
assert.ok(await rows() < 100, `${await rows()} rows are in the page`);
assert.ok(await page.evaluate(() => window.most) < 120, 'the page never has many rows');
await b.close();
