// SPDX-License-Identifier: GPL-2.0
/*
 * chromium.mjs ROW IMAGE SCRATCH - measure @anyfs/core in a page of Chromium, and print numbers
 *
 *  listing: seconds from the navigation to the list of the root directory, from a warm cache
 *  blob: bytes per second of /large, from a file that the user has chosen
 *  memory: bytes of private memory of the page with the image open, after a listing
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';

import { rendererMemory } from '../tests/wasm/chromium/memory.mjs';
import { serveFiles } from '../tests/web/page.mjs';

const { chromium } = createRequire(process.env.ANYFS_NPM)('playwright-core');
const [row, image, scratch] = process.argv.slice(2);
const VISITS = 8;
const ROUNDS = 3;

const directory = join(scratch, 'site');
const profile = join(scratch, 'profile');
for (const path of [directory, profile])
  rmSync(path, { recursive: true, force: true });
mkdirSync(directory);
for (const name of ['index.html', 'main.js'])
  symlinkSync(new URL(`page/${name}`, import.meta.url), join(directory, name));
symlinkSync(process.env.ANYFS_PACKAGE, join(directory, 'core'));
symlinkSync(resolve(image), join(directory, basename(image)));
const server = await serveFiles(directory, '', { 'cache-control': 'max-age=3600' });
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox'],
});

async function visit(query = '') {
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url + query);
  return page;
}

const rows = {
  /** Chromium stores compiled code some time after the first visits: only later ones count. */
  async listing() {
    const times = [];
    for (let i = 0; i < VISITS; i++) {
      const page = await visit(`?image=${basename(image)}`);
      times.push(await (await page.waitForFunction(() => window.listed)).jsonValue() / 1000);
      await page.close();
    }
    return Math.min(...times.slice(VISITS / 2));
  },

  async blob() {
    const rates = [];
    for (let i = 0; i < ROUNDS; i++) {
      const page = await visit();
      await page.setInputFiles('#image', image);
      await page.evaluate(() => window.openChosen());
      rates.push(await page.evaluate(() => window.readFile('/large')));
      await page.close();
    }
    return Math.max(...rates);
  },

  async memory() {
    const page = await visit();
    await page.setInputFiles('#image', image);
    await page.evaluate(() => window.openChosen());
    // Chromium also has smaller renderers, for an empty page and in reserve for the next one.
    return Math.max(...await rendererMemory(context.browser()));
  },
};

console.log(await rows[row]());
await context.close();
server.close();
