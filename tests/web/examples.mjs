// SPDX-License-Identifier: GPL-2.0
/*
 * examples.mjs PLAIN WORKER REACT IMAGE CHANGED - use the examples of ts/examples, which are built in
 * these directories; CHANGED gets the image that the plain page saves
 */
import { openPage } from './page.mjs';

const [plain, worker, react, image, changed] = process.argv.slice(2);
const use = async (directory, steps) => {
  const { page, close } = await openPage(directory, { acceptDownloads: true });
  await steps(page);
  await close();
};

await use(plain, async (page) => {
  await page.setInputFiles('#image', image);
  await page.getByText('os-release, 18 bytes').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /save the changed image/ }).click();
  await (await download).saveAs(changed);
  await page.getByText('hello.txt, 18 bytes').waitFor();
});
await use(worker, async (page) => {
  await page.setInputFiles('#image', image);
  await page.getByText('/os-release').waitFor();
  await page.getByText('end of the search').waitFor();
});
await use(react, async (page) => {
  await page.setInputFiles('input[type=file]', image);
  await page.getByText('os-release', { exact: true }).first().dblclick();
  await page.locator('.content', { hasText: 'anyfs test' }).waitFor();
});
