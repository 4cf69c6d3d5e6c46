// SPDX-License-Identifier: GPL-2.0
/*
 * trees.mjs - a page of Chromium with the file browser of @anyfs/trees, for tests
 */
import { copyFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { openPage } from './page.mjs';

const axe = createRequire(process.env.ANYFS_NPM).resolve('axe-core/axe.min.js');

/** Show @image in the page of @dir.  @param hash where it begins */
export async function browse(dir, image, { context = {}, options = {}, props = {}, hash = '' } = {}) {
  await copyFile(image, join(dir, 'image'));
  const { page, close, url } = await openPage(dir, {
    viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...context,
  });

  page.setDefaultTimeout(120_000);
  if (hash)
    await page.goto(url + hash);
  await page.evaluate(([o, p]) => window.start(o, p), [options, props]);
  await page.waitForSelector('.anyfs-grid');
  return new Browser(page, close);
}

class Browser {
  constructor(page, close) {
    this.page = page;
    this.close = close;
  }

  /** Names that show, from the top on. */
  names() {
    return this.page.$$eval('.anyfs-row', (rows) => rows
      .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.dataset.name));
  }

  selected() {
    return this.page.$$eval('.anyfs-row[aria-selected=true]', (rows) => rows
      .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.dataset.name));
  }

  row(name) {
    return this.page.locator(`.anyfs-row[data-name=${JSON.stringify(name)}]`);
  }

  /** Until folder @path shows, and is loaded. */
  async at(path) {
    await this.page.waitForSelector(
      `.anyfs-content[data-drop-path=${JSON.stringify(path)}] .anyfs-grid[aria-busy=false]`);
  }

  async keys(...keys) {
    for (const key of keys)
      await this.page.keyboard.press(key);
  }

  /** Wait until @test(arg) holds in the page. */
  until(test, arg) {
    return this.page.waitForFunction(test, arg);
  }

  /** Until row @name shows, or, without @there, does not. */
  async shows(name, there = true) {
    await this.row(name).waitFor({ state: there ? 'attached' : 'detached' });
  }

  /** What the browser told the application as @name, the last time. */
  async told(name) {
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

  /** Until all work is done. */
  async idle() {
    await this.until(() => !document.querySelector('.anyfs-task[data-state=running]'));
  }

  /** Findings of axe-core that are serious or critical, as lines. */
  async findings() {
    await this.page.evaluate(readFileSync(axe, 'utf8'));
    const { violations } = await this.page.evaluate(() => window.axe.run());

    return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  /** The changed image, as @file. */
  async save(file) {
    const download = this.page.waitForEvent('download');
    await this.page.evaluate(() => window.save());
    await (await download).saveAs(file);
  }
}
