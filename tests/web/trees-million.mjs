// SPDX-License-Identifier: GPL-2.0
/*
 * trees-million.mjs PAGE - a directory of 1,000,000 files in the file browser
 *
 * The page makes the entries, so that the test covers the browser alone.  Times and frames are
 * printed, not tested, because they depend on the machine.
 */
import assert from 'node:assert/strict';

import { openPage, typeAtOnce } from './page.mjs';

const COUNT = 1_000_000;
const { page, close } = await openPage(process.argv[2], { viewport: { width: 1280, height: 800 } });
const row = (name) => page.waitForSelector(`.anyfs-row[data-name="${name}"]`);
/** Print how long @work takes, and the longest time without a frame. */
const timed = async (what, work) => {
  const start = Date.now();
  await page.evaluate(() => {
    window.frameTimes = [];
    const next = (time) => { window.frameTimes?.push(time); requestAnimationFrame(next); };
    if (!window.counting)
      requestAnimationFrame(next);
    window.counting = true;
  });
  await work();
  const times = await page.evaluate(() => window.frameTimes);
  const longest = Math.max(0, ...times.slice(1).map((time, i) => time - times[i]));
  console.log(`${what}: ${Date.now() - start} ms, ${times.length} frames, longest ${Math.round(longest)} ms`);
};

await timed('load', async () => {
  await page.evaluate((count) => window.startMany(count), COUNT);
  await page.waitForSelector('.anyfs-grid[aria-busy=false]');
});
assert.equal(await page.getAttribute('.anyfs-grid', 'aria-rowcount'), String(COUNT + 1));
await row('file 0');

await page.focus('.anyfs-grid');
await timed('End', async () => {
  await page.keyboard.press('End');
  await row(`file ${COUNT - 1}`);
});
await timed('20 arrow keys', async () => {
  for (let i = 0; i < 20; i++)
    await page.keyboard.press('ArrowUp');
  await page.waitForSelector(`.anyfs-row[data-name="file ${COUNT - 21}"][aria-selected=true]`);
});
await timed('type a name', async () => {
  await typeAtOnce(page, '.anyfs-grid', 'file 777777');
  await row('file 777777');
});
await timed('sort by size', async () => {
  await page.click('.anyfs-head >> text=Size');
  await page.keyboard.press('Tab');
  await page.focus('.anyfs-grid');
  await page.keyboard.press('Home');
  await row(`file ${COUNT - 1}`);
});
await timed('select all', async () => {
  await page.keyboard.press('Control+a');
  await page.waitForSelector('.anyfs-status >> text=1,000,000 selected');
});
await timed('scroll to the middle', async () => {
  await page.evaluate(() => { document.querySelector('.anyfs-grid').scrollTop = 16_000_000; });
  await row(`file ${COUNT / 2 - 1}`);
});
await timed('filter', async () => {
  await page.keyboard.press('Control+f');
  await page.keyboard.type('12345');
  await page.waitForFunction(() => /^\d+ of 1,000,000/.test(
    document.querySelector('.anyfs-status').textContent));
});
assert.ok(await page.locator('.anyfs-row').count() < 100, 'only visible rows are in the page');
await close();
