// SPDX-License-Identifier: GPL-2.0
/*
 * app-open.mjs DISK LUKS PICTURE DAMAGED EMPTY - open disks in the application
 *
 * DISK has a GPT with a FAT and an ext4.  LUKS has the password "secret" and an ext4 inside.
 * PICTURE is a PNG, and DAMAGED an ext4 whose superblock is damaged.  EMPTY is a LUKS with the same
 * password and zeros inside.
 */
import assert from 'node:assert/strict';

import { chooseImage, openApp, partition } from './app.mjs';

const [disk, luks, picture, damaged, empty] = process.argv.slice(2);
const { page, url, close } = await openApp();

async function anotherImage() {
  await page.getByRole('button', { name: /start page/ }).click();
  await page.getByRole('heading', { name: 'Open any disk image' }).waitFor();
}

assert.equal(await page.evaluate(() => crossOriginIsolated), false);
// A file that the browser cannot open is an error beside the button.
await page.evaluate(() => {
  window.showOpenFilePicker = () => Promise.reject(new DOMException('it is locked', 'NotReadableError'));
});
await page.getByRole('button', { name: 'Choose an image…' }).click();
await page.getByRole('alert').getByText('it is locked').waitFor();
await chooseImage(page, disk);
await partition(page, 'ANYFSTEST (Partition 1)').getByText('FAT · 16.0 MiB').waitFor();
const ext4 = partition(page, 'anyfs-test (Partition 2)');
await ext4.getByText(/used, .* free/).waitFor();
await ext4.getByRole('button', { name: 'Open' }).click();
await page.getByText('os-release').first().waitFor();
assert.equal(new URL(page.url()).hash, '#/p2');

await anotherImage();
await chooseImage(page, luks);
await page.getByRole('button', { name: 'Unlock' }).click();
await page.getByLabel('Password').fill('wrong');
await page.keyboard.press('Enter');
await page.getByText('The password or key is wrong').waitFor();
await page.getByLabel('Password').fill('secret');
await page.keyboard.press('Enter');
await page.getByText('os-release').first().waitFor();

await anotherImage();
await chooseImage(page, empty);
await page.getByRole('button', { name: 'Unlock' }).click();
await page.getByLabel('Password').fill('secret');
await page.keyboard.press('Enter');
await page.getByText('It is unlocked, but no file system is recognised inside').waitFor();

await anotherImage();
await chooseImage(page, picture);
await page.getByText('This is a PNG file, not an image of a disk').waitFor();

await anotherImage();
await chooseImage(page, damaged);
await page.getByText('could not be opened: it is damaged').waitFor();

await anotherImage();
await page.evaluate(async () => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([await (await fetch('./icon.svg')).blob()], 'dropped.svg'));
  for (const type of ['dragenter', 'dragover', 'drop'])
    document.querySelector('main').dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
});
await page.getByText('dropped.svg').waitFor();
await page.getByText('No disk is recognised in this file').waitFor();

await anotherImage();
await page.getByLabel('Or give the address').fill(`${url}none.img`);
await page.getByRole('button', { name: 'Open', exact: true }).click();
await page.getByText('The server does not have the image').waitFor();
await close();
