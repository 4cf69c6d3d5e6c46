// SPDX-License-Identifier: GPL-2.0
/*
 * app-without-jspi.mjs DISK LUKS - open both disks in a browser whose scripts find no JSPI
 *
 * DISK has an ext4; LUKS has the password "secret" and an ext4 inside.
 */
import assert from 'node:assert/strict';

import { chooseImage, controlled, openApp } from './app.mjs';

const [disk, luks] = process.argv.slice(2);
const { page, server, close } = await openApp({}, 'delete WebAssembly.Suspending; delete WebAssembly.promising;');

assert.equal(await page.evaluate(() => crossOriginIsolated), false);
await controlled(page);
const modules = server.requests.filter((path) => path.endsWith('.wasm'))
  .map((path) => path.replace(/.*\/|-[^-]*$/g, ''));
assert.deepEqual(['kernel', 'kernel-asyncify', 'volumes', 'volumes-asyncify'].filter((name) => modules.includes(name)),
  ['kernel-asyncify', 'volumes-asyncify']);

await chooseImage(page, disk);
await page.getByText('os-release').first().waitFor();
await page.getByText('os-release').first().dblclick();
await page.getByText('NAME="anyfs test"').first().waitFor();

await page.goto(server.url);
await chooseImage(page, luks);
await page.getByRole('button', { name: 'Unlock' }).click();
await page.getByLabel('Password').fill('wrong');
await page.keyboard.press('Enter');
await page.getByText('The password or key is wrong').waitFor();
await page.getByLabel('Password').fill('secret');
await page.keyboard.press('Enter');
await page.getByText('os-release').first().waitFor();
await close();
