// SPDX-License-Identifier: GPL-2.0
/*
 * app-download.mjs DISK NAME DIRECTORY - download from /p2 of DISK into DIRECTORY
 *
 * The file NAME, the folder "deep" as tar and zip, and the checksums of NAME.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chooseImage, controlled, file, openApp, openFolder, saveDownload } from './app.mjs';

const [disk, name, directory] = process.argv.slice(2);
const { page, close } = await openApp();

await controlled(page);
await chooseImage(page, disk);
await page.getByRole('button', { name: /^Open anyfs-test/ }).click();
await file(page, name).click();
const download = page.getByRole('button', { name: 'Download', exact: true });
const saved = join(directory, 'file');
await saveDownload(page, saved, () => download.first().click());

await file(page, name).click({ button: 'right' });
await page.getByRole('menuitem', { name: 'Checksums…' }).click();
const sum = await page.getByLabel('SHA-256').inputValue();
assert.equal(sum, createHash('sha256').update(readFileSync(saved)).digest('hex'));
assert.equal(await page.getByLabel('MD5').inputValue(),
  createHash('md5').update(readFileSync(saved)).digest('hex'));
await page.keyboard.press('Escape');

await openFolder(page, '/p2');
for (const kind of ['tar', 'zip']) {
  await file(page, 'deep').click();
  await download.first().click();
  await saveDownload(page, join(directory, `deep.${kind}`), () =>
    page.getByRole('button', { name: `As ${kind}` }).click());
}
await close();
