// SPDX-License-Identifier: GPL-2.0
/*
 * trees.mjs - a page of Chromium with the file browser of @anyfs/trees, for tests
 */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { openPage, typeAtOnce } from './page.mjs';

const axe = createRequire(process.env.ANYFS_NPM).resolve('axe-core/axe.min.js');

/** Show @image in the page of @dir.  @param hash initial location.hash */
export async function browse(dir, image, { context = {}, options = {}, props = {}, hash = '' } = {}) {
  await copyFile(image, join(dir, 'image'));
  const { page, close, url } = await openPage(dir, {
    viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...context,
  });

  if (hash)
    await page.goto(url + hash);
  await page.evaluate(([o, p]) => window.start(o, p), [options, props]);
  await page.waitForSelector('.anyfs-grid');
  return new Browser(page, close);
}

/**
 * Wait until @get() returns @wanted: effects of a change, such as calls of the application, may come
 * after the change shows.
 */
async function becomes(get, wanted) {
  const end = Date.now() + 60_000;
  for (;;) {
    const got = await get();
    if (isDeepStrictEqual(got, wanted))
      return;
    if (Date.now() > end)
      assert.deepEqual(got, wanted);
    await sleep(20);
  }
}

class Browser {
  constructor(page, close) {
    this.page = page;
    this.close = close;
  }

  /** The visible names, from the top. */
  names() {
    return this.page.$$eval('.anyfs-row', (rows) => rows
      .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.dataset.name));
  }

  selected() {
    return this.page.$$eval('.anyfs-row[aria-selected=true]', (rows) => rows
      .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.dataset.name));
  }

  /** Wait until these names are visible. */
  hasNames(wanted) {
    return becomes(() => this.names(), wanted);
  }

  /** Wait until these files are selected. */
  hasSelected(wanted) {
    return becomes(() => this.selected(), wanted);
  }

  row(name) {
    return this.page.locator(`.anyfs-row[data-name=${JSON.stringify(name)}]`);
  }

  /** Wait until folder @path is shown and loaded. */
  async at(path) {
    await this.page.waitForSelector(
      `.anyfs-content[data-drop-path=${JSON.stringify(path)}] .anyfs-grid[aria-busy=false]`);
  }

  async keys(...keys) {
    for (const key of keys)
      await this.page.keyboard.press(key);
  }

  /** Type the beginning of a name in the list of files. */
  typeAhead(text) {
    return typeAtOnce(this.page, '.anyfs-grid', text);
  }

  /** Wait until @test(arg) holds in the page. */
  until(test, arg) {
    return this.page.waitForFunction(test, arg);
  }

  /** Wait until row @name is shown, or, if @there is false, is not shown. */
  async shows(name, there = true) {
    await this.row(name).waitFor({ state: there ? 'attached' : 'detached' });
  }

  /** Wait until the last call of the callback @name has had this argument. */
  hasCalled(name, wanted) {
    return becomes(() => this.lastCall(name), wanted);
  }

  /** The argument of the last call of the callback @name. */
  async lastCall(name) {
    const events = await this.page.evaluate(() => window.events);
    return events.filter(([event]) => event === name).at(-1)?.[1];
  }

  /** Drop files of the host at the middle of @selector. */
  async drop(files, selector) {
    const { x, y, width, height } = await this.page.locator(selector).first().boundingBox();
    const cdp = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await cdp.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + height / 2, data });
    await cdp.detach();
  }

  /** Wait until all tasks are done. */
  async idle() {
    await this.until(() => !document.querySelector('.anyfs-task[data-state=running]'));
  }

  /** Serious and critical findings of axe-core, one per line. */
  async findings() {
    await this.page.evaluate(readFileSync(axe, 'utf8'));
    const { violations } = await this.page.evaluate(() => window.axe.run());

    return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  /** Save the changed image as @file. */
  async save(file) {
    const download = this.page.waitForEvent('download');
    await this.page.evaluate(() => window.save());
    await (await download).saveAs(file);
  }
}
