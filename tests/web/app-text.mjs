// SPDX-License-Identifier: GPL-2.0
/*
 * app-text.mjs IMAGE CHANGED - edit texts of IMAGE with other line ends; CHANGED gets the image
 */
import assert from 'node:assert/strict';

import {
  chooseImage, controlled, file, openApp, refuseReload, saveDownload, withoutFileDialogs,
} from './app.mjs';

const [image, changed] = process.argv.slice(2);
const { page, close } = await openApp();
const area = page.getByRole('textbox', { name: 'Text of the file' });
const edit = () => page.getByRole('button', { name: 'Edit', exact: true }).click();
const question = page.getByRole('dialog', { name: 'Discard the text?' });

await withoutFileDialogs(page);
await controlled(page);
await chooseImage(page, image);

for (const [name, ends, text] of [['cr.txt', 'UTF-8, CR', 'one\n2\nthree\n'], ['crlf.txt', 'UTF-8, CRLF', 'one\n2\n'],
  ['mixed.txt', 'UTF-8, CRLF, LF, CR', 'one\ntwo\nnew\nTHREE\nfour\nfive\n']]) {
  await file(page, name).click();
  await edit();
  await page.getByText(ends, { exact: true }).waitFor();
  await area.fill(text);
  // The second key press comes while the first save runs, or finds nothing to save.
  await page.keyboard.press('Control+s');
  await page.keyboard.press('Control+s');
  await page.locator('.text-row', { hasText: 'one' }).waitFor();
}
await page.getByRole('button', { name: '3 changes' }).waitFor();

// After another file was shown, the text is still there, and does not count as a change.
await file(page, 'draft.txt').click();
await edit();
await area.fill('typed');
await page.getByRole('button', { name: '1 open text' }).waitFor();
await file(page, 'cr.txt').click();
await page.locator('.text-row', { hasText: 'three' }).waitFor();
await file(page, 'draft.txt').click();
assert.equal(await area.inputValue(), 'typed');

// Every way to leave the editor asks the user.
await page.getByRole('button', { name: 'Cancel' }).click();
await question.getByRole('button', { name: 'Continue editing' }).click();
assert.equal(await area.inputValue(), 'typed');
await file(page, 'cr.txt').click();
await file(page, 'draft.txt').dblclick();
const dialog = page.getByRole('dialog', { name: '/draft.txt' });
await dialog.getByRole('textbox', { name: 'Text of the file' }).waitFor();
await page.keyboard.press('Escape');
await question.getByRole('button', { name: 'Continue editing' }).click();
await dialog.getByRole('button', { name: 'Close' }).first().click();
await question.getByRole('button', { name: 'Continue editing' }).click();
await page.getByRole('button', { name: 'Save', exact: true }).evaluate((button) => button.click());
await page.getByRole('menuitem', { name: 'Save as a new image…' }).evaluate((item) => item.click());
await page.getByText('1 text is still being edited').waitFor();
await page.keyboard.press('Escape');
await refuseReload(page);

await page.keyboard.press('Escape');
await question.getByRole('button', { name: 'Discard the text' }).click();
await dialog.waitFor({ state: 'detached' });
await page.getByRole('button', { name: '1 open text' }).waitFor({ state: 'detached' });
await page.getByRole('button', { name: 'Save', exact: true }).click();
await saveDownload(page, changed, () => page.getByRole('menuitem', { name: 'Save as a new image…' }).click());
await page.getByText('The image is saved.').waitFor();
await close();
