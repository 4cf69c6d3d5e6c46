// SPDX-License-Identifier: GPL-2.0
/*
 * react.mjs DIR VERSION IMAGE BIG - use the hooks of @anyfs/react in the page of DIR
 *
 * BIG has the content of /deep/big.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openPage } from './page.mjs';

const [dir, version, image, big] = process.argv.slice(2);
const { page, close } = await openPage(dir);

await copyFile(image, join(dir, 'image'));
/** Show the image, or the source that @props name. */
const show = (props) => page.evaluate(async (props) => {
  window.blob ??= await (await fetch('image')).blob();
  window.shown = { source: { kind: 'blob', blob: window.blob }, ...window.shown, ...props };
  window.show(window.shown);
}, props);
const texts = (selector) => page.$$eval(selector, (found) => found.map((e) => e.textContent));
const attribute = (selector, name) => page.getAttribute(selector, name);
/** Wait until @test holds in the page. */
const until = (test, arg) => page.waitForFunction(test, arg);
const content = (text) => until((wanted) =>
  document.querySelector('#content')?.textContent === wanted, text);

assert.equal((await page.evaluate(() => window.reactVersion)).split('.')[0], version);
assert.deepEqual(await texts('#outside'), ['null']);

await show({ openOptions: { overlay: true } });
await until(() => document.querySelector('#status')?.textContent.startsWith('ready'));
assert.deepEqual(await texts('#status'), ['ready /  Linux']);
assert.equal(await attribute('#status', 'data-mode'), 'wasm');
assert.equal(await attribute('#status', 'data-objects'), 'true');
assert.ok((await page.evaluate(() => [...window.statuses])).includes('booting'));
await until(() => document.querySelector('#partitions[aria-busy=false]')?.textContent === '/ ext4');
// StrictMode mounts twice, but one image is open in one worker.
assert.equal(page.workers().length, 1);

await show({ path: '/deep' });
await until(() => document.querySelectorAll('#entries li').length === 2);
assert.deepEqual(await texts('#entries li'), ['big', 'er']);
assert.equal(await attribute('#entries li', 'data-size'), '5000000');
assert.equal(await attribute('#entries', 'aria-busy'), 'false');

await show({ file: '/os-release' });
await content('NAME="anyfs test"\n');
assert.equal(await attribute('#content', 'data-size'), '18');
await show({ range: { offset: 6, length: 5 } });
await content('anyfs');

// More bytes than are read at once.
await show({ file: '/deep/big', range: undefined });
await until(() => document.querySelector('#content')?.dataset.loading === 'false');
assert.equal(await attribute('#content', 'data-error'), null);
assert.equal(await page.evaluate(async () => new Uint8Array(
  await crypto.subtle.digest('SHA-256', window.content)).toHex()),
createHash('sha256').update(readFileSync(big)).digest('hex'));
await show({ file: '/none', range: { offset: 6, length: 5 } });
await until(() => document.querySelector('#content').dataset.error === 'ENOENT');
await show({ path: '/none' });
await until(() => document.querySelector('#entries').dataset.error === 'ENOENT');

// Changes are shown by all components that show the directory or the file.
await show({ path: '/', file: '/new', range: undefined });
await page.evaluate(() => window.change.writeFile('/new', 'first'));
await content('first');
await until(() => [...document.querySelectorAll('#entries li')].some((e) => e.textContent === 'new'));
await page.evaluate(() => window.change.writeFile('/new', 'second'));
await content('second');
await page.evaluate(() => window.change.rename('/new', '/newer'));
await until(() => document.querySelector('#content').dataset.error === 'ENOENT');
assert.ok((await texts('#entries li')).includes('newer'));
assert.equal(await page.evaluate(() => window.change.mkdir('/deep').catch((error) => error.code)), 'EEXIST');
await until(() => document.querySelector('#pending').dataset.error === 'EEXIST');
assert.deepEqual(await texts('#pending'), ['0']);

await show({ suspended: '/' });
await page.waitForSelector('#suspended');
assert.match((await texts('#suspended'))[0], /^\d+ entries, 18 bytes$/);
await show({ suspended: '/deep' });
await page.waitForSelector('#boundary');
assert.deepEqual(await texts('#boundary'), ['ENOENT']);

// After an image that cannot be opened, and after the source was removed, the workers end.
await show({ source: { kind: 'url', url: 'none.img' }, suspended: null });
await until(() => document.querySelector('#status').textContent.startsWith('error'));
assert.match((await texts('#status'))[0], /none\.img/);
assert.equal(await attribute('#partitions', 'aria-busy'), 'false');

// A session without a Disk lists a large directory at once, and has no partitions.
await page.evaluate(() => window.show({
  path: '/', session: {
    readdir: async () => Array.from({ length: 300_000 }, (_, ino) => ({ name: `${ino}`, ino, kind: 'file' })),
  },
}));
await until(() => document.querySelector('#entries[aria-busy=false]'));
assert.equal(await attribute('#entries', 'data-error'), null);
assert.equal(await attribute('#entries', 'data-count'), '300000');
await until(() => document.querySelector('#partitions').dataset.error?.includes('listParts()'));
assert.equal(await attribute('#partitions', 'aria-busy'), 'false');

await page.evaluate(() => window.show(null));
await page.waitForSelector('#outside');
for (let tries = 0; page.workers().length && tries < 600; tries++)
  await new Promise((resolve) => setTimeout(resolve, 100));
assert.equal(page.workers().length, 0, 'workers are left');
await close();
