// SPDX-License-Identifier: GPL-2.0
/*
 * list.mjs IMAGE [DIRECTORY] - list the partitions of an image, or a directory of it, with the
 * kernel for web pages
 */
import { open } from '@anyfs/core';

const [image, directory] = process.argv.slice(2);

if (!image) {
  console.error('usage: node list.mjs IMAGE [DIRECTORY]');
  process.exit(2);
}
try {
  await using disk = await open(image);
  if (directory === undefined) {
    for (const { path, fstype, size, label } of await disk.partitions())
      console.log(path, fstype ?? '-', size, label);
  } else {
    for await (const { entry, stat } of disk.list(directory, { stats: true }))
      console.log(entry.kind, stat?.size ?? '?', entry.name);
  }
} catch (error) {
  console.error(`${image}: ${error.message}`);
  process.exitCode = 1;
}
