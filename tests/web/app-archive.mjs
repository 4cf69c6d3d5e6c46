// SPDX-License-Identifier: GPL-2.0
/*
 * app-archive.mjs IMAGE DIRECTORY - look into the archives of IMAGE, and extract a file of each
 * into DIRECTORY
 */
import { join } from 'node:path';

import { chooseImage, controlled, file, openApp, saveDownload } from './app.mjs';

const [image, directory] = process.argv.slice(2);
const { page, close } = await openApp();

await controlled(page);
await chooseImage(page, image);
for (const name of ['a.zip', 'b.tar', 'c.tar.gz', 'd.tgz']) {
  await file(page, name).dblclick();
  const dialog = page.getByRole('dialog', { name: `/${name}` });
  await dialog.getByText('5 entries', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'top', exact: true }).click();
  await dialog.getByRole('button', { name: /^long-name/ }).click();
  const extract = dialog.getByRole('button', { name: 'Extract grüße.txt' });
  await saveDownload(page, join(directory, name), () => extract.click());
  await page.getByRole('dialog', { name: /^Downloading/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

// Damaged archives give an error, even if some entries could be listed.
await file(page, 'cut.zip').dblclick();
await page.getByRole('dialog').getByText('the archive has no directory: it is cut off').waitFor();
await page.keyboard.press('Escape');
await file(page, 'bad.zip').dblclick();
const bad = page.getByRole('dialog', { name: '/bad.zip' });
await bad.getByRole('button', { name: 'top', exact: true }).click();
await bad.getByRole('button', { name: /^long-name/ }).click();
await bad.getByRole('button', { name: 'Extract grüße.txt' }).click();
await page.getByText('the file is damaged').waitFor();
await page.keyboard.press('Escape');
await page.keyboard.press('Escape');
await file(page, 'bad.tar').dblclick();
await page.getByRole('dialog').getByText('the checksum of a header is wrong').waitFor();
await close();
