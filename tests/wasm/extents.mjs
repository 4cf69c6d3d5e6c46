// SPDX-License-Identifier: GPL-2.0
/*
 * extents.mjs IMAGE PATH - print the extents of a file like `anyfs extents --json`, or the code
 * of the error
 */
const { open } = await import(process.env.ANYFS_CORE);
const [image, path] = process.argv.slice(2);

await using disk = await open(image);
try {
  const extents = await disk.extents(path);
  console.log(JSON.stringify(extents.map(({ physical, ...rest }) =>
    physical === null ? rest : { offset: rest.offset, length: rest.length, physical, flags: rest.flags })));
} catch (error) {
  console.log(error.code);
}
