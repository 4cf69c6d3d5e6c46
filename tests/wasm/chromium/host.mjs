// SPDX-License-Identifier: GPL-2.0
/*
 * host.mjs - runs scripts of tests/wasm in a worker of a page of Chromium
 *
 * Standard input has one request for each script: the number of fields, the current directory,
 * the name of the script and its arguments, each with a zero byte at its end.  The answer is a line
 * with an exit status.  The browser ends with standard input.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { rendererMemory } from './memory.mjs';
import { answerFile } from './files-server.mjs';

const { chromium } = createRequire(process.env.ANYFS_NPM)('playwright-core');
const roots = {
  core: new URL('../', `file://${process.env.ANYFS_CORE}`),
  tests: new URL('../', import.meta.url),
  node: new URL('node/', import.meta.url),
};
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm',
};

/** A static file; imports of Node.js become those of chromium/node. */
function answerStatic(request, response) {
  const [, root, path] = /^\/(\w+)\/([^?]*)/.exec(request.url) ?? [];
  let body;
  try {
    body = readFileSync(new URL(path, roots[root]));
  } catch {
    response.writeHead(404).end();
    return;
  }
  if (extname(path) === '.mjs')
    body = String(body).replace(/from 'node:([a-z/]+)'/g, "from '/node/$1.mjs'");
  response.writeHead(200, {
    'Content-Type': TYPES[extname(path)] ?? 'text/plain',
    // Chromium stores the code that it has compiled with the answer.
    'Cache-Control': root === 'core' ? 'max-age=3600' : 'no-store',
  }).end(body);
}

/** As process.memoryUsage() of Node.js. */
async function memory() {
  return { rss: (await rendererMemory(browser)).reduce((sum, one) => sum + one, 0) };
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/host/'))
    void answerFile(request, response, { memory });
  else
    answerStatic(request, response);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--js-flags=--expose-gc'], timeout: 0,
});
const context = await browser.newContext();

/** Run a script; returns 0, or 1 after an error, which is printed. */
async function runScript(directory, script, args) {
  process.chdir(directory);
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
  try {
    await page.exposeFunction('chooseFile', (path) => page.setInputFiles('#file', path));
    await page.goto(`http://127.0.0.1:${server.address().port}/tests/chromium/page.html`);
    const error = await page.evaluate(([name, list]) => window.runScript(name, list), [script, args]);
    if (error)
      process.stderr.write(`${script}: ${error}\n`);
    return error ? 1 : 0;
  } finally {
    await page.close();
  }
}

async function* fieldsOf(stream) {
  let rest = '';
  for await (const text of stream.setEncoding('utf8')) {
    const fields = (rest + text).split('\0');
    rest = fields.pop();
    yield* fields;
  }
}

const fields = fieldsOf(process.stdin);
const next = async () => (await fields.next()).value;
for (let count = await next(); count !== undefined; count = await next()) {
  const request = [];
  while (request.length < Number(count))
    request.push(await next());
  const [directory, script, ...args] = request;
  process.stdout.write(`${await runScript(directory, script, args)}\n`);
}
await browser.close();
server.close();
