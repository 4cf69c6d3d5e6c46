// SPDX-License-Identifier: GPL-2.0
/*
 * app-crash.mjs DISK - the kernel of the application dies while DISK is open
 *
 * The worker reports the death while no call is waiting, as happens when a timer of the kernel
 * fails.
 */
import { chooseImage, file, openApp } from './app.mjs';

const [disk] = process.argv.slice(2);
const { page, close } = await openApp();

await chooseImage(page, disk);
await page.getByRole('button', { name: /^Open anyfs-test/ }).click();
await file(page, 'deep').dblclick();
await file(page, 'er').waitFor();
await page.workers()[0].evaluate(() => postMessage({
  died: { kind: 'KernelDied', name: 'Error', message: 'the kernel died: this is a test', errno: 0, syscall: '' },
}));
await page.getByRole('heading', { name: 'The kernel has stopped' }).waitFor();
await page.getByText('the kernel died: this is a test').waitFor();
await page.getByRole('button', { name: 'Open the image again' }).click();
await file(page, 'er').waitFor();
await close();
