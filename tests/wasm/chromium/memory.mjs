// SPDX-License-Identifier: GPL-2.0
/*
 * memory.mjs - the memory of pages
 */
import { readFileSync } from 'node:fs';

/** Bytes of private memory of each process of @browser that runs pages. */
export async function rendererMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) =>
    Number(/^RssAnon:\s*(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) << 10);
}
