// SPDX-License-Identifier: GPL-2.0
/*
 * memory.mjs - the memory of pages
 */
import { readFileSync } from 'node:fs';

/** Bytes of private memory of all processes of @browser that run pages. */
export async function rendererMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  let rss = 0;
  for (const { type, id } of processInfo)
    if (type === 'renderer')
      rss += Number(/^RssAnon:\s*(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) << 10;
  return { rss };
}
