// SPDX-License-Identifier: GPL-2.0
/*
 * app-offline.mjs DISK - open DISK after the server was stopped, with the keyboard alone
 *
 * Then the sizes of the first screen are printed and compared with their limits, and axe-core looks
 * at each screen.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { WEB, chooseImage, controlled, openApp } from './app.mjs';

const axe = readFileSync(createRequire(process.env.ANYFS_NPM).resolve('axe-core/axe.min.js'), 'utf8');
const [disk] = process.argv.slice(2);
const SCRIPT_LIMIT = 200 << 10;

/** No serious finding on the screen. */
async function accessible(page, screen) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  console.log(`axe: ${screen}: ${violations.length} findings, ${serious.length} serious`);
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], screen);
}

for (const colorScheme of ['light', 'dark']) {
  // The policy of the page allows no other scripts, so the tests' own are let in.
  const { page, context, close, server } = await openApp({ colorScheme, bypassCSP: true });
  await controlled(page);
  await accessible(page, `start page, ${colorScheme}`);
  await page.evaluate(() => {
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
      if (!entry.hadRecentInput)
        window.shift += entry.value;
    })).observe({ type: 'layout-shift', buffered: true });
  });
  const scripts = await page.evaluate(() => performance.getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname).filter((name) => name.endsWith('.js')));
  const first = [...new Set(scripts)].filter((name) => /index-/.test(name));
  const bytes = first.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(WEB, name))).length, 0);
  console.log(`first screen: ${bytes} bytes of script (brotli), in ${first.length} files`);
  assert.ok(first.length > 0 && bytes <= SCRIPT_LIMIT, `${bytes} bytes of script`);

  await context.setOffline(true);
  server.close();
  await page.reload();
  await page.getByRole('heading', { name: 'Open any disk image' }).waitFor();
  await chooseImage(page, disk);
  await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
  await accessible(page, `map, ${colorScheme}`);

  // From here on no mouse.
  await page.getByRole('button', { name: /^Open anyfs-test/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('row').filter({ hasText: 'os-release' }).waitFor();
  await accessible(page, `files, ${colorScheme}`);
  await page.getByRole('grid').or(page.getByRole('treegrid')).first().focus();
  await page.keyboard.type('os-');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '/p2/os-release' });
  await dialog.getByText('NAME="anyfs test"').waitFor();
  await accessible(page, `preview, ${colorScheme}`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const shift = await page.evaluate(() => window.shift ?? 0);
  console.log(`layout shift: ${shift}`);
  await close();
}
console.log(`all files: ${readdirSync(join(WEB, 'assets')).length}`);
