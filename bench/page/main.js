// SPDX-License-Identifier: GPL-2.0
/*
 * main.js - the functions that bench/chromium.mjs measures in a page
 *
 * If the address of the page has ?image=ADDRESS, the page lists that image, and sets
 * window.listed to the milliseconds since the navigation began.
 */
import { open } from './core/dist/index.js';

async function list(disk) {
  let count = 0;
  for await (const _ of disk.readdir('/'))
    count++;
  return count;
}

window.openChosen = async () => {
  window.disk = await open(document.getElementById('image').files[0]);
  return list(window.disk);
};

/** Bytes in a second. */
window.readFile = async (path) => {
  const start = performance.now();
  let bytes = 0;
  for await (const part of window.disk.readStream(path))
    bytes += part.length;
  return bytes / (performance.now() - start) * 1000;
};

const address = new URLSearchParams(location.search).get('image');
if (address) {
  const disk = await open(address);
  await list(disk);
  window.listed = performance.now();
}
