// SPDX-License-Identifier: GPL-2.0
/*
 * app.mjs - steps that a user of the application does, for the tests in app-*.mjs
 */
import { join } from 'node:path';

import { openPage } from './page.mjs';

/** Where tools-dev/build-web has put the application. */
export const WEB = join(process.env.ANYFS_BUILD, 'web');

/** Show the start page, served as static files without special headers. */
export async function openApp(contextOptions = {}) {
  const opened = await openPage(WEB, { locale: 'en-US', acceptDownloads: true, ...contextOptions });
  // Kernels start slowly while other tests run.
  opened.page.setDefaultTimeout(60_000);
  return opened;
}

/** Choose @image with the file dialog. */
export async function chooseImage(page, image) {
  await page.setInputFiles('#image-file', image);
}

/** The row of a partition on the map of the disk. */
export function partition(page, title) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
}
