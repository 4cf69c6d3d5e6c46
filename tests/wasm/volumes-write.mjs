// SPDX-License-Identifier: GPL-2.0
/*
 * volumes-write.mjs IMAGE FILE... - unlock all encrypted volumes, and write each FILE
 */
import { readFileSync } from 'node:fs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, ...files] = process.argv.slice(2);

await using disk = await open(image, { write: true });
for (const { path, locked } of await disk.partitions())
  if (locked)
    await disk.unlock(path, readFileSync('key'));
for (const file of files)
  await disk.writeFile(file, 'from wasm\n');
