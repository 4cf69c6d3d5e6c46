// SPDX-License-Identifier: GPL-2.0
/*
 * native.mjs IMAGE PATH - write the standard input to a file of an image, with the native kernel
 */
import { open } from '@anyfs/native';
import { pipeline } from 'node:stream/promises';

const [image, path] = process.argv.slice(2);

if (!path) {
  console.error('usage: node native.mjs IMAGE PATH');
  process.exit(2);
}
try {
  // isolate: an image that is not trusted is opened in a sandboxed process.
  const disk = await open(image, { write: true, isolate: true });
  try {
    await pipeline(process.stdin, disk.fs.createWriteStream(path));
  } finally {
    // close() writes the last changes to the image.
    await disk.close();
  }
} catch (error) {
  console.error(`${image}: ${error.message}`);
  process.exitCode = 1;
}
