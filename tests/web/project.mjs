// SPDX-License-Identifier: GPL-2.0
/*
 * project.mjs DIR - the page of DIR shows the files of its image
 */
import { openPage } from './page.mjs';

const { page, close } = await openPage(process.argv[2]);

await page.waitForSelector('.anyfs-row[data-name="os-release"]');
await close();
