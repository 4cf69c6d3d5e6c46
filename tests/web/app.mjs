// SPDX-License-Identifier: GPL-2.0
/*
 * app.mjs - steps that a user of the application does, for the tests in app-*.mjs
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { openPage } from './page.mjs';

/** Where tools-dev/build-web has put the application. */
export const WEB = join(process.env.ANYFS_BUILD, 'web');

/** Show the start page, served as static files without special headers. */
export async function openApp(contextOptions = {}, first = '') {
  return openPage(WEB, { locale: 'en-US', acceptDownloads: true, ...contextOptions }, first);
}

/** Choose @image with the file dialog. */
export async function chooseImage(page, image) {
  await page.setInputFiles('#image-file', image);
}

/** The row of a partition on the map of the disk. */
export function partition(page, title) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
}

/** Save files by downloads: a test cannot answer the browser's own dialogs. */
export async function withoutFileDialogs(page) {
  await page.addInitScript(() => {
    delete window.showOpenFilePicker;
    delete window.showSaveFilePicker;
  });
  await page.reload();
}

/** Run @action, which starts a download, and store the downloaded file at @path. */
export async function saveDownload(page, path, action) {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  await download.saveAs(path);
  return download;
}

/** The row of a file in the table. */
export function file(page, name) {
  return page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
}

/** Open the folder @path of the disk. */
export async function openFolder(page, path) {
  await page.evaluate((hash) => { location.hash = hash; }, path.split('/').map(encodeURIComponent).join('/'));
}

/** Reload the page, which must ask the user before that; the answer is no. */
export async function refuseReload(page) {
  const [dialog] = await Promise.all([
    page.waitForEvent('dialog'), page.evaluate(() => void setTimeout(() => location.reload())),
  ]);
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
}

/** Wait until the service worker serves this page. */
export async function controlled(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
}
