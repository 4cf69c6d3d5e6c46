// SPDX-License-Identifier: GPL-2.0
/*
 * app-snapshots.mjs BTRFS - compare the subvolumes /old and /dir/now of BTRFS
 */
import assert from 'node:assert/strict';

import { chooseImage, file, openApp } from './app.mjs';

const [image] = process.argv.slice(2);
const { page, close } = await openApp();
const dialog = page.getByRole('dialog');
const side = (name) => dialog.getByRole('group', { name }).getByLabel('File system or subvolume');

await chooseImage(page, image);
await file(page, 'old').waitFor();
await page.getByRole('button', { name: 'Compare' }).click();
await dialog.getByRole('button', { name: 'Two folders of this image' }).click();
await side(/^Before/).selectOption('/old');
await side(/^Now/).selectOption('/dir/now');
await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
await dialog.getByText(/^2 differences in/).waitFor();
const rows = await dialog.locator('.compare-row').allInnerTexts();
assert.deepEqual(rows.map((row) => row.split('\n').filter(Boolean).slice(0, 2).join(' ')).sort(),
  ['Added /added', 'Removed /gone']);
await close();
