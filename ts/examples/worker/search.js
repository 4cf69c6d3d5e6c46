// SPDX-License-Identifier: GPL-2.0
/*
 * search.js - the worker: find all text files of an image that contain "anyfs"
 */
import { open } from './core/dist/index.js';

/** Larger files are not searched. */
const LIMIT = 1 << 20;

onmessage = async ({ data: image }) => {
  try {
    // This thread is already a worker, so the kernel needs no other one.
    await using disk = await open(image, { worker: false });
    for (const { path, fstype } of await disk.partitions())
      if (fstype)
        await search(disk, path);
    postMessage('end of the search');
  } catch (error) {
    postMessage(error.message);
  }
};

async function search(disk, root) {
  for await (const { path, stat } of disk.walk(root, { stats: true })) {
    if (stat?.kind !== 'file' || stat.size > LIMIT)
      continue;
    await using file = await disk.open(path);
    const text = new TextDecoder().decode(await file.read(0, stat.size));
    if (text.includes('anyfs'))
      postMessage(path);
  }
}
