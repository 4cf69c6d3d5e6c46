// SPDX-License-Identifier: GPL-2.0
/*
 * chromium.mjs DISK TREE1 TREE2 IMAGE CHANGED CUT MEMBER... - the wasm kernel in a page of Chromium
 *
 * DISK has a GPT with TREE1 in /p1 and TREE2 in /p2; IMAGE is a file system with "os-release".  A
 * page passes the files to a worker, which opens them.  CHANGED gets the image that the page
 * has changed, and CUT gets an image to which a page wrote while the page was closed.  The
 * MEMBERs are images of an array with TREE2.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { assertSame } from './host-manifest.mjs';

const { chromium } = createRequire(process.env.ANYFS_NPM)('playwright-core');
const [disk, tree1, tree2, image, changed, cut, ...members] = process.argv.slice(2);
const package_ = new URL('../', `file://${process.env.ANYFS_CORE}`);
const roots = { core: package_, tests: new URL('.', import.meta.url), page: new URL('page/', import.meta.url) };
const types = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

// A plain file server: no header for isolation.
const server = createServer((request, response) => {
  const [, root, path] = /^\/(\w+)\/(.*)$/.exec(request.url) ?? [];
  try {
    const body = readFileSync(new URL(path, roots[root]));
    response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'text/plain' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], timeout: 0,
});
try {
  // The pages of a context have the same files of the origin.
  const context = await browser.newContext();
  const newPage = async () => {
    const one = await context.newPage();
    one.setDefaultTimeout(0);
    one.on('console', (message) => console.log(message.text()));
    await one.goto(`http://127.0.0.1:${server.address().port}/page/index.html`);
    return one;
  };
  let page = await newPage();
  const ask = async (...args) => {
    const { value, error } = await page.evaluate((list) => window.ask(...list), args);
    assert.equal(error, undefined);
    return value;
  };

  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  await page.setInputFiles('#image', disk);
  assert.deepEqual(await ask('list'), ['/p1 vfat', '/p2 ext4']);
  await assertSame(await ask('manifest', '/p1'), tree1);
  await assertSame(await ask('manifest', '/p2'), tree2);
  assert.match(await ask('error', '/p2/none'), /^ENOENT: .*'\/p2\/none'/);

  const expected = [true, 'NAME="anyfs test"\n', true, 'ENOENT'];
  assert.deepEqual(await page.evaluate((path) => window.inPage(path), '/p2/os-release'),
    [expected, expected, ['disk0', 'disk1', expected[1]], 'AbortError']);

  await page.setInputFiles('#image', members);
  const [first, ...others] = await ask('list');
  assert.deepEqual([first, new Set(others)], ['/disk0 ext4', new Set(['/disk1 null', '/disk2 null'])]);
  await assertSame(await ask('manifest', '/disk0'), tree2);

  await page.setInputFiles('#image', image);
  await ask('write');
  writeFileSync(changed, Buffer.from(await ask('changed'), 'base64'));

  await ask('writeOn', 12);
  await page.close();
  page = await newPage();
  writeFileSync(cut, Buffer.from(await ask('changed'), 'base64'));
} finally {
  await browser.close();
  server.close();
}
