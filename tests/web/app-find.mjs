// SPDX-License-Identifier: GPL-2.0
/*
 * app-find.mjs NEW OLD - search in the file system NEW, measure it, compare it with OLD
 */
import assert from 'node:assert/strict';

import { chooseImage, file, openApp } from './app.mjs';

const [now, old] = process.argv.slice(2);
const { page, close } = await openApp();

await chooseImage(page, now);
await file(page, 'os-release').waitFor();
const dialog = page.getByRole('dialog');

await page.getByRole('button', { name: 'Search…' }).click();
await dialog.getByLabel('Name').fill('file-1?');
await page.keyboard.press('Enter');
await dialog.getByText(/^10 found among \d+\.$/).waitFor();
await dialog.getByLabel('Name').fill('');
await dialog.getByLabel('Text in the file').fill('ANYFS test');
await dialog.getByRole('button', { name: 'Search', exact: true }).click();
await dialog.getByText(/^1 found among \d+\.$/).waitFor();
await dialog.getByText('NAME="anyfs test"').waitFor();
await page.keyboard.press('Escape');

await page.getByRole('button', { name: 'Sizes…' }).click();
await dialog.getByText(/ in \d+ files and folders/).waitFor();
await dialog.getByRole('button', { name: /^deep, 5\.\d MiB$/ }).click();
await dialog.getByTitle(/^big, 4\.\d MiB$/).waitFor();
await page.keyboard.press('Escape');

await page.getByRole('button', { name: 'Compare' }).click();
// After an image that cannot be opened, another image or the same file can be chosen.
await page.setInputFiles('#compare-file', { name: 'empty.img', mimeType: '', buffer: Buffer.alloc(0) });
await dialog.getByText('This image cannot be opened').waitFor();
assert.equal(await page.inputValue('#compare-file'), '');
await page.setInputFiles('#compare-file', old);
await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
await dialog.getByText(/^3 differences in \d+ files$/).waitFor();
const rows = await dialog.locator('.compare-row').allInnerTexts();
assert.deepEqual(rows.map((row) => row.split('\n').filter(Boolean).join(' ')).sort(),
  ['Added /new', 'Changed /deep/er/file-7 size, time', 'Removed /zero']);
await page.keyboard.press('Escape');

// Two directories of the same image.
await page.getByRole('button', { name: 'Compare' }).click();
await dialog.getByRole('button', { name: 'Two folders of this image' }).click();
await dialog.getByRole('group', { name: /^Before/ }).getByLabel('Folder in it').fill('/deep/er');
await dialog.getByRole('group', { name: /^Now/ }).getByLabel('Folder in it').fill('deep/er/est/');
await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
await dialog.getByText('Added').first().waitFor();
await dialog.getByText('/x', { exact: true }).waitFor();
await close();
