// SPDX-License-Identifier: GPL-2.0
/*
 * wasm.mjs ROW [IMAGE] - measure @anyfs/core in Node.js, and print numbers
 *
 *  listing: seconds from the start of this script to the list of the root directory of IMAGE
 *  listing-7z: the same with 7z-wasm, from npm
 *  walk: seconds to list and stat all files of IMAGE
 *  read: bytes per second of /large of IMAGE
 *  brotli: bytes of the kernel, compressed by brotli as much as it can
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const start = performance.now();
const seconds = (since) => (performance.now() - since) / 1000;
const [row, image] = process.argv.slice(2);
const package_ = process.env.ANYFS_PACKAGE;

async function openImage() {
  const { open } = await import(join(package_, 'dist/index.js'));
  return open(image);
}

const rows = {
  async listing() {
    const disk = await openImage();
    for await (const _ of disk.readdir('/'));
    return seconds(start);
  },

  async 'listing-7z'() {
    const sevenZip = await createRequire(process.env.ANYFS_NPM)('7z-wasm')({ print: () => {} });
    sevenZip.FS.mkdir('/host');
    sevenZip.FS.mount(sevenZip.NODEFS, { root: dirname(image) }, '/host');
    sevenZip.callMain(['l', `/host/${basename(image)}`]);
    return seconds(start);
  },

  async walk() {
    const disk = await openImage();
    await disk.stat('/');
    const from = performance.now();
    for await (const _ of disk.walk('/', { stats: true }));
    return seconds(from);
  },

  async read() {
    const disk = await openImage();
    const from = performance.now();
    let bytes = 0;
    for await (const part of disk.readStream('/large'))
      bytes += part.length;
    return bytes / seconds(from);
  },

  brotli: () => brotliCompressSync(readFileSync(join(package_, 'kernel.wasm')), {
    params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
  }).length,
};

console.log(await rows[row]());
process.exit();
