// SPDX-License-Identifier: GPL-2.0
/*
 * trees-access.mjs PAGE IMAGE - the file browser is accessible on desktop and phone, light and dark
 *
 * ANYFS_SHOTS: a directory for pictures of each screen.
 */
import assert from 'node:assert/strict';

import { browse } from './trees.mjs';

const shots = process.env.ANYFS_SHOTS;
const screens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

for (const [screen, size] of Object.entries(screens))
  for (const colorScheme of ['light', 'dark'])
    await look(screen, { ...size, colorScheme });

async function look(screen, context) {
  const b = await browse(...process.argv.slice(2), {
    context, options: { overlay: true }, props: { readOnly: false, preview: true },
  });
  const { page } = b;
  const check = async (what) => {
    // Wait until colours have faded in: only the final colours matter.
    await page.evaluate(() => Promise.all(document.getAnimations()
      .filter(({ effect }) => effect.getTiming().iterations !== Infinity).map((one) => one.finished)));
    if (shots)
      await page.screenshot({ path: `${shots}/${screen}-${context.colorScheme}-${what}.png` });
    assert.deepEqual(await b.findings(), [], `${screen}, ${context.colorScheme}: ${what}`);
  };

  await b.at('/');
  await check('files');
  await page.focus('.anyfs-grid');
  await b.keys('End', 'Shift+ArrowUp');
  await check('selection');
  await b.keys('Shift+F10');
  await page.waitForSelector('[role=menu]');
  await check('menu');
  await b.keys('Escape', 'Delete');
  await page.waitForSelector('[data-testid=delete-question]');
  await check('delete');
  await b.keys('Escape', 'Home', 'Alt+Enter');
  await page.waitForSelector('[data-testid=properties-modal]');
  await check('properties');
  await b.keys('Escape', 'ArrowDown', 'Alt+Enter');
  await page.fill('.anyfs-owner-input', '1000');
  await check('owner');
  await b.keys('Escape', 'Home', 'F2');
  await page.waitForSelector('.anyfs-rename input');
  await page.fill('.anyfs-rename input', 'a/b');
  await check('rename');
  await b.keys('Escape');
  if (screen === 'phone')
    await phone(b, check);
  await page.evaluate(() => { location.hash = '#/none'; });
  await page.waitForSelector('[role=alert] >> text=Try again');
  await check('error');
  await b.close();
}

async function phone(b, check) {
  const { page } = b;

  assert.equal(await page.locator('[role=columnheader]').count(), 0);
  assert.equal(await page.locator('[role=tree]').count(), 0);
  await page.click('[aria-label="Show folders"]');
  await page.waitForSelector('[role=tree]');
  await check('folders');
  await page.click('[role=treeitem][aria-label=deep]');
  await b.at('/deep');
  assert.equal(await page.locator('[role=tree]').count(), 0);
  await page.click('[aria-label="Up one folder"]');
  await b.at('/');
  // A touch opens a folder, even if it is selected; nothing is wider than the screen.
  await b.hasSelected(['deep']);
  await page.tap('.anyfs-row[data-name=deep]');
  await b.at('/deep');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.click('[aria-label="Up one folder"]');
  await b.at('/');
}
