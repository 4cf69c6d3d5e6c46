// SPDX-License-Identifier: GPL-2.0
/*
 * promises.mjs - node:fs/promises for scripts that run in a page
 */
import { chosenFile } from '/tests/chromium/images.mjs';

/** Open @path to read. */
export async function open(path) {
  const file = await chosenFile(path);

  return {
    stat: async () => ({ size: file.size }),
    async read(into, start, length, offset) {
      const data = await file.slice(offset, offset + length).arrayBuffer();
      into.set(new Uint8Array(data), start);
      return { bytesRead: data.byteLength };
    },
    close: async () => {},
  };
}
