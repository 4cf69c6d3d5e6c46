// SPDX-License-Identifier: GPL-2.0
/*
 * worker.mjs - answers the commands of chromium.mjs with the wasm kernel
 */
import { OpfsFile, open } from '/core/dist/index.js';
import { manifest } from '/tests/manifest.mjs';

/** A copy of the image in the origin's own files, opened to write. */
async function copyOf(file) {
  const directory = await navigator.storage.getDirectory();
  const handle = await directory.getFileHandle('copy.img', { create: true });
  await file.stream().pipeTo(await handle.createWritable());
  return open(await OpfsFile.open(handle), { write: true });
}

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
    await using disk = await copyOf(file);
    await disk.mkdir('/from a page');
    await disk.writeFile('/from a page/text', 'written in a page\n');
    await disk.rename('/os-release', '/renamed');
  },

  /** Write and sync files without end, and return when @count of them are durable. */
  async writeOn(file, count) {
    const disk = await copyOf(file);
    return await new Promise((resolve, reject) => {
      (async () => {
        for (let number = 1; ; number++) {
          await disk.writeFile(`/file-${number}`, `${number}\n`.repeat(20000));
          await using written = await disk.open(`/file-${number}`, 'r+');
          await written.sync();
          if (number > 5)
            await disk.rename(`/file-${number - 5}`, `/old-${number - 5}`);
          if (number === count)
            resolve(number);
        }
      })().catch(reject);
    });
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

onmessage = async ({ data: { command, args, files } }) => {
  try {
    // Several files are one disk.
    postMessage({ value: await commands[command](files.length > 1 ? files : files[0], ...args) });
  } catch (error) {
    postMessage({ error: `${error.stack ?? error}` });
  }
};
