// SPDX-License-Identifier: GPL-2.0
/*
 * page.mjs - show a directory of static files in Chromium, served without special headers
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';

const { chromium } = createRequire(process.env.ANYFS_NPM)('playwright-core');
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serve @directory on a free port.
 *
 * @param first a statement that runs at the beginning of each script
 * @param headers more header fields of all answers
 * @return {Promise<{url: string, requests: string[], close: () => void}>}
 */
export async function serveFiles(directory, first = '', headers = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    requests.push(request.url);
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://page').pathname));
    const file = join(directory, path.endsWith('/') ? `${path}index.html` : path);
    const size = await stat(file).then((found) => found.isFile() ? found.size : -1, () => -1);
    if (size < 0) {
      response.writeHead(404).end();
      return;
    }
    if (first && /\.m?js$/.test(file)) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(`${first}\n${await readFile(file, 'utf8')}`);
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const end = Math.min(size, to ? Number(to) + 1 : size);
    response.writeHead(from === undefined ? 200 : 206, {
      ...headers,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': end - start,
      ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    });
    if (start < end)
      createReadStream(file, { start, end: end - 1 }).pipe(response);
    else
      response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** Paths of all requests so far. */
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Press the keys of @text in the element @selector.  All come at once: a pause would begin a new name. */
export function typeAtOnce(page, selector, text) {
  return page.evaluate(([place, keys]) => {
    const events = keys.map((key) => new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    for (const event of events)
      document.querySelector(place).dispatchEvent(event);
  }, [selector, [...text]]);
}

/** A page that shows index.html of @directory; errors of the page end the test. */
export async function openPage(directory, contextOptions = {}, first = '') {
  const server = await serveFiles(directory, first);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], timeout: 0,
  });
  const context = await browser.newContext(contextOptions);
  // Kernels start slowly while other tests run.
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(server.url);
  return {
    page, context, browser, server, url: server.url,
    async close() {
      await browser.close();
      server.close();
      if (errors.length)
        throw new Error(`the page failed: ${errors.map((e) => e.stack).join('\n')}`);
    },
  };
}
