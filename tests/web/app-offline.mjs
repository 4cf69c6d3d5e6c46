// SPDX-License-Identifier: GPL-2.0
/*
 * app-offline.mjs DISK - open DISK after the server was stopped, with the keyboard alone
 *
 * Then the sizes of the first screen are printed and compared with their limits, and axe-core looks
 * at each screen.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { WEB, chooseImage, controlled, openApp } from './app.mjs';

const axe = readFileSync(createRequire(process.env.ANYFS_NPM).resolve('axe-core/axe.min.js'), 'utf8');
const [disk] = process.argv.slice(2);
const SCRIPT_LIMIT = 200 << 10;
/** The limit for layout shift, above which a page counts as unstable. */
const SHIFT_LIMIT = 0.1;

/** Check that axe-core has no serious finding on the screen. */
async function checkAccessible(page, screen) {
  // Elements that are fading in have less contrast: wait until the animations end.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
    .map(({ finished }) => finished)));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  console.log(`axe: ${screen}: ${violations.length} findings, ${serious.length} serious`);
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], screen);
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** The scripts that index.html loads, with those that they import. */
function firstScripts() {
  const found = new Set();
  const add = (text, directory, pattern) => {
    for (const [, name] of text.matchAll(pattern)) {
      const path = join(directory, name);
      if (!found.has(path)) {
        found.add(path);
        add(readFileSync(join(WEB, path), 'utf8'), 'assets', /(?:from|import)\s*"(\.\/[\w.-]+\.js)"/g);
      }
    }
  };
  add(readFileSync(join(WEB, 'index.html'), 'utf8'), '', /(?:src|href)="(\.\/[\w./-]+\.js)"/g);
  return [...found];
}

for (const [colorScheme, viewport] of [['light', DESKTOP], ['dark', PHONE]]) {
  // The policy of the page allows no other scripts, so bypass it for the scripts of the test.
  const { page, context, close, server } = await openApp({ colorScheme, viewport, bypassCSP: true });
  await controlled(page);
  await checkAccessible(page, `start page, ${colorScheme}`);
  const first = firstScripts();
  const bytes = first.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(WEB, name))).length, 0);
  console.log(`first screen: ${bytes} bytes of script (brotli), in ${first.length} files`);
  assert.ok(first.length > 0 && bytes <= SCRIPT_LIMIT, `${bytes} bytes of script`);

  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
      if (!entry.hadRecentInput)
        window.shift += entry.value;
    })).observe({ type: 'layout-shift', buffered: true });
  });
  await context.setOffline(true);
  server.close();
  await page.reload();
  await page.getByRole('heading', { name: 'Open any disk image' }).waitFor();
  await chooseImage(page, disk);
  await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
  await checkAccessible(page, `map, ${colorScheme}`);

  // From here on, use the keyboard only.
  await page.getByRole('button', { name: /^Open anyfs-test/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('row').filter({ hasText: 'os-release' }).waitFor();
  await checkAccessible(page, `files, ${colorScheme}`);
  await page.getByRole('grid').or(page.getByRole('treegrid')).first().focus();
  await page.keyboard.type('os-');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '/p2/os-release' });
  await dialog.getByText('NAME="anyfs test"').waitFor();
  await checkAccessible(page, `preview, ${colorScheme}`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const shift = await page.evaluate(() => window.shift);
  console.log(`layout shift: ${shift}`);
  assert.ok(shift <= SHIFT_LIMIT, `layout shift ${shift}`);
  await close();
}
