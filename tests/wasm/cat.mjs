// SPDX-License-Identifier: GPL-2.0
/*
 * cat.mjs IMAGE PATH - print a file of IMAGE
 */
const { open } = await import(process.env.ANYFS_CORE);

await using disk = await open(process.argv[2]);
await using file = await disk.open(process.argv[3]);
for await (const part of file)
  process.stdout.write(part);
