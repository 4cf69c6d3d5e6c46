// SPDX-License-Identifier: GPL-2.0
/*
 * app-first-visit.mjs DISK - the first visit of a German user, who opens DISK at once
 */
import assert from 'node:assert/strict';

import { chooseImage, openApp, partition } from './app.mjs';

const [disk] = process.argv.slice(2);
const { page, server, close } = await openApp({ locale: 'de-DE', colorScheme: 'light' });

await chooseImage(page, disk);
await partition(page, 'ANYFSTEST (Partition 1)').getByText('FAT · 16,0 MiB').waitFor();
const fetched = server.requests.filter((url) => /kernel-[^/]*\.wasm$/.test(url));
assert.equal(fetched.length, 1, `the kernel was fetched ${fetched.length} times`);

// The menu shows the theme that was chosen, with the keyboard alone.
const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
const checked = () => page.locator('[role=menuitemradio][aria-checked=true]').allInnerTexts();
await page.getByRole('button', { name: 'Sprache und Aussehen' }).focus();
await page.keyboard.press('Enter');
assert.deepEqual(await checked(), ['Wie das System', 'Deutsch']);
await page.keyboard.press('ArrowDown');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
assert.equal(await theme(), 'dark');
await page.keyboard.press('Enter');
assert.deepEqual(await checked(), ['Dunkel', 'Deutsch']);
assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Dunkel');
await page.keyboard.press('Escape');
await page.reload();
assert.equal(await theme(), 'dark');
await close();
