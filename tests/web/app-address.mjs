// SPDX-License-Identifier: GPL-2.0
/*
 * app-address.mjs QCOW2 - open an image at an address of another server
 *
 * The server allows other pages to read or not, and sends ranges or not.
 */
import assert from 'node:assert/strict';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';

import { file, openApp, openFolder } from './app.mjs';

const [image] = process.argv.slice(2);
const { size } = statSync(image);
let sent = 0;

/** /good/ sends all header fields, /closed/ none, /whole/ no ranges. */
const server = createServer((request, response) => {
  const kind = request.url.split('/')[1];
  const cors = kind === 'closed' ? {} : {
    'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Range',
    'Access-Control-Expose-Headers': 'Content-Range, Content-Length, ETag',
  };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (request.method === 'OPTIONS' || !range || kind === 'whole') {
    response.writeHead(200, cors).end();
    return;
  }
  const start = Number(range[1]);
  const end = Math.min(Number(range[2]), size - 1);
  sent += end - start + 1;
  response.writeHead(206, { ...cors, 'Content-Range': `bytes ${start}-${end}/${size}`, 'Content-Length': end - start + 1 });
  createReadStream(image, { start, end }).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}`;
const { page, close, url } = await openApp();

async function openAddress(path) {
  await page.goto(url);
  await page.getByLabel('Or give the address').fill(address + path);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
}

await openAddress('/closed/disk.qcow2');
await page.getByText('Access-Control-Allow-Origin: *').waitFor();
await openAddress('/whole/disk.qcow2');
await page.getByText('The server does not send parts of files').waitFor();
await openAddress('/good/disk.qcow2');
await page.getByRole('button', { name: /^Open anyfs-test/ }).click();
await file(page, 'os-release').dblclick();
await page.getByRole('dialog').getByText('NAME="anyfs test"').waitFor();
await page.keyboard.press('Escape');
assert.ok(sent < size, `${sent} of ${size} bytes were fetched`);

// The address of the page is a link to the folder in the image.
await openFolder(page, '/p2/deep');
await page.reload();
await file(page, 'er').waitFor();

// Images are remembered after the user has agreed, and forgotten as soon as the user disagrees.
const recent = page.getByRole('heading', { name: 'Recent images' });
await page.goto(url);
await page.getByLabel('Remember the images I open').waitFor();
assert.equal(await recent.count(), 0);
assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)), []);
await page.getByLabel('Remember the images I open').check();
await openAddress('/good/disk.qcow2');
await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
await page.goto(url);
await page.getByRole('button', { name: /^disk\.qcow2/ }).click();
await page.getByRole('button', { name: /^Open anyfs-test/ }).waitFor();
await page.goto(url);
await page.getByLabel('Remember the images I open').uncheck();
await recent.waitFor({ state: 'detached' });
await page.waitForFunction(async () => !(await indexedDB.databases()).length);
await close();
server.close();
server.closeAllConnections();
