// SPDX-License-Identifier: GPL-2.0
/*
 * app-preview.mjs EXT4 - previews of the files of EXT4
 */
import assert from 'node:assert/strict';

import { chooseImage, controlled, file, openApp } from './app.mjs';

const [image] = process.argv.slice(2);
const { page, close } = await openApp();

async function show(name) {
  await file(page, name).dblclick();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'How the file is shown' }).waitFor();
  return dialog;
}

async function closed() {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

await controlled(page);
await chooseImage(page, image);
await file(page, 'utf16.txt').waitFor();

let dialog = await show('utf16.txt');
await dialog.getByText('Grüße aus UTF-16').waitFor();
await dialog.getByText('2 lines').waitFor();
assert.equal(await dialog.getByLabel('Encoding').inputValue(), 'utf-16le');
await closed();

dialog = await show('latin1.txt');
await dialog.getByText('Grüße aus Latin-1').waitFor();
await closed();

// The lines of a file are found while the file is shown; the end can be reached.
dialog = await show('lines.txt');
await dialog.getByText('line 0', { exact: true }).waitFor();
await dialog.getByText('200,000 lines', { exact: true }).waitFor();
await dialog.getByRole('group', { name: 'Text of the file' }).focus();
await page.keyboard.press('End');
await dialog.getByText('line 199999', { exact: true }).waitFor();
await closed();

dialog = await show('long-line.txt');
await dialog.getByText(/lines/).waitFor();
await closed();

// A file of 1 TiB whose last bytes are not zeros.
dialog = await show('huge');
await dialog.getByLabel('Go to offset').fill('0xfffffffff0');
await page.keyboard.press('Enter');
await dialog.getByText('the very last...').waitFor();
await dialog.getByText('fffffffff0').waitFor();
await dialog.getByRole('group', { name: 'Bytes of the file' }).focus();
await page.keyboard.press('Home');
await dialog.getByText('0000000000').waitFor();
await closed();

dialog = await show('picture.png');
await page.waitForFunction(() => document.querySelector('dialog img')?.naturalWidth === 3);
await closed();

// The service worker serves ranges: the last second can be played at once.
dialog = await show('sound.wav');
await page.waitForFunction(() => document.querySelector('dialog audio')?.duration > 0);
const end = await page.evaluate(async () => {
  const audio = document.querySelector('dialog audio');
  audio.currentTime = audio.duration - 0.5;
  await new Promise((done) => audio.addEventListener('seeked', done, { once: true }));
  const answer = await fetch(audio.src, { headers: { Range: 'bytes=0-3' } });
  return { seeked: audio.currentTime > 0, status: answer.status, text: await answer.text() };
});
assert.deepEqual(end, { seeked: true, status: 206, text: 'RIFF' });
await closed();

// A page in the image is shown as text, not run.
dialog = await show('page.html');
await dialog.getByText('<script>window.ran = true</script>').waitFor();
assert.equal(await page.evaluate(() => window.ran), undefined);
await close();
