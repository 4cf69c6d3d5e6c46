// SPDX-License-Identifier: GPL-2.0
/*
 * app-edit.mjs DISK CHANGED PATCH INPLACE - change /p2 of DISK, and save the image and the changes
 *
 * The text of etc/hosts is replaced, os-release is renamed, zero is deleted and put back by
 * undo.  Then a copy of the disk in the origin's private file system is opened and written in
 * place; INPLACE gets the result.
 */
import assert from 'node:assert/strict';

import {
  chooseImage, controlled, file, openApp, openFolder, refuseReload, saveDownload, withoutFileDialogs,
} from './app.mjs';

const [disk, changed, patch, inPlace] = process.argv.slice(2);
const { page, close } = await openApp();

async function editHosts(text) {
  await openFolder(page, '/p2/etc');
  await file(page, 'hosts').click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Text of the file' }).fill(text);
  await page.keyboard.press('Control+s');
  await page.locator('.text-row', { hasText: text.split('\n')[0] }).waitFor();
}

await withoutFileDialogs(page);
await controlled(page);
await chooseImage(page, disk);
await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
await editHosts('192.0.2.1 changed\n');
await openFolder(page, '/p2');
await file(page, 'os-release').click();
await page.keyboard.press('F2');
await page.keyboard.press('Control+a');
await page.keyboard.type('renamed');
await page.keyboard.press('Enter');
await file(page, 'renamed').waitFor();
assert.equal(await page.getByText('could not be changed').count(), 0);
await file(page, 'zero').click();
await page.keyboard.press('Delete');
await page.getByRole('button', { name: /^Delete/ }).last().click();
await file(page, 'zero').waitFor({ state: 'detached' });

await page.getByRole('button', { name: '3 changes' }).click();
await page.getByText('Deleted /p2/zero').waitFor();
await page.getByText('Moved /p2/os-release to /p2/renamed').waitFor();
await page.getByRole('button', { name: 'Undo the last one' }).click();
await page.getByText('Deleted /p2/zero').waitFor({ state: 'detached' });
await page.keyboard.press('Escape');
await file(page, 'zero').waitFor();

// The page asks before unsaved changes are lost: when the tab or the image is closed.
await refuseReload(page);
await page.getByRole('button', { name: /start page/ }).click();
await page.getByText('2 changes are not saved').waitFor();
await page.getByRole('button', { name: 'Cancel' }).click();

const save = async (path, item) => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saveDownload(page, path, () => page.getByRole('menuitem', { name: item }).click());
  await page.getByText(/(is|are) saved/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
};
await save(patch, 'Save only the changes…');
await save(changed, 'Save as a new image…');
// Everything is saved, so the page does not ask.
await page.getByRole('button', { name: /start page/ }).click();
await page.getByRole('heading', { name: 'Open any disk image' }).waitFor();

// In place: instead of the user's file, the file dialog returns one of the private file system.
await page.addInitScript(() => {
  window.ownFile = async () => (await navigator.storage.getDirectory()).getFileHandle('own.img', { create: true });
  window.showOpenFilePicker = async () => [await window.ownFile()];
});
await page.reload();
await page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' })));
await page.setInputFiles('#own', disk);
await page.evaluate(async () => {
  const writable = await (await window.ownFile()).createWritable();
  await writable.write(document.querySelector('#own').files[0]);
  await writable.close();
});
await page.getByRole('button', { name: 'Choose an image…' }).click();
await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
await editHosts('192.0.2.2 in place\n');
await page.getByRole('button', { name: 'Save', exact: true }).click();
await page.getByRole('menuitem', { name: 'Write to the original file…' }).click();
await page.getByRole('button', { name: 'Write', exact: true }).click();
await page.getByRole('button', { name: '1 change' }).waitFor({ state: 'detached' });
await file(page, 'hosts').waitFor();
await saveDownload(page, inPlace, () => page.evaluate(async () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await (await window.ownFile()).getFile());
  link.download = 'own.img';
  link.click();
}));
await close();
