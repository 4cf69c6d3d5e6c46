// SPDX-License-Identifier: GPL-2.0
/*
 * worker.mjs - answers the commands of chromium.mjs with the wasm kernel
 */
import { OpfsFile, open } from '/core/dist/index.js';
import { manifest } from '/tests/manifest.mjs';

const commands = {
  async list(file) {
    await using disk = await open(file);
    return (await disk.partitions()).map(({ path, fstype }) => `${path} ${fstype}`);
  },

  async manifest(file, root) {
    await using disk = await open(file);
    return await manifest(disk, root);
  },

  /** Copy the image to the origin's own files, and change it there. */
  async write(file) {
    const directory = await navigator.storage.getDirectory();
    const handle = await directory.getFileHandle('copy.img', { create: true });
    await file.stream().pipeTo(await handle.createWritable());
    const source = await OpfsFile.open(handle);
    await using disk = await open(source, { write: true });
    await disk.mkdir('/from a page');
    await disk.writeFile('/from a page/text', 'written in a page\n');
    await disk.rename('/os-release', '/renamed');
  },

  /** The bytes of the changed image. */
  async changed() {
    const directory = await navigator.storage.getDirectory();
    const file = await (await directory.getFileHandle('copy.img')).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 32768)
      text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  },

  async error(file, path) {
    await using disk = await open(file);
    return await disk.stat(path).then(() => 'no error', (error) => `${error.code}: ${error.message}`);
  },
};

onmessage = async ({ data: { command, args, file } }) => {
  try {
    postMessage({ value: await commands[command](file, ...args) });
  } catch (error) {
    postMessage({ error: `${error.stack ?? error}` });
  }
};
