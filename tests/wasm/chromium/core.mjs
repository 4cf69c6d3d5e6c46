// SPDX-License-Identifier: GPL-2.0
/*
 * core.mjs - @anyfs/core, whose open() takes paths of the test's directory as in Node.js
 */
import * as core from '/core/dist/index.js';
import { chosenFile, Copy } from './images.mjs';

export * from '/core/dist/index.js';

export async function open(image, options = {}) {
  const copies = [];
  const imageOf = async (one) => {
    if (typeof one !== 'string' || /^https?:/.test(one))
      return one;
    if (!options.write)
      return chosenFile(one);
    const copy = await Copy.of(one);
    copies.push(copy);
    return copy.handle;
  };
  const images = [];
  for (const one of [image].flat())
    images.push(await imageOf(one));
  const disk = await core.open(Array.isArray(image) ? images : images[0], options);
  const close = disk.close.bind(disk);
  disk.close = async () => {
    await close();
    for (const copy of copies)
      await copy.store();
  };
  return disk;
}
