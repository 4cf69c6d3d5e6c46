// SPDX-License-Identifier: GPL-2.0
/*
 * app-crash.mjs DISK - the kernel of the application dies while DISK is open
 *
 * The worker then answers each call with the error of a dead kernel.
 */
import { chooseImage, file, openApp } from './app.mjs';

const [disk] = process.argv.slice(2);
const { page, close } = await openApp();

await chooseImage(page, disk);
await page.getByRole('button', { name: /^Open anyfs-test/ }).click();
await file(page, 'deep').dblclick();
await file(page, 'er').waitFor();
await page.workers()[0].evaluate(() => {
  const post = globalThis.postMessage;
  globalThis.postMessage = (message, transfer) => post.call(globalThis, 'answer' in message ? {
    answer: message.answer,
    error: { kind: 'KernelDied', message: 'the kernel died: this is a test', errno: 0, syscall: '' },
  } : message, transfer);
});
await file(page, 'er').dblclick();
await page.getByRole('heading', { name: 'The kernel has stopped' }).waitFor();
await page.getByText('the kernel died: this is a test').waitFor();
await page.getByRole('button', { name: 'Open the image again' }).click();
// The first click may have met the dead kernel already.
await file(page, 'er').or(file(page, 'est')).waitFor();
await close();
