// SPDX-License-Identifier: GPL-2.0
/*
 * fill.mjs IMAGE TREE FSTYPE - copy the directory TREE of the host into the file system of IMAGE
 */
import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, tree, fstype] = process.argv.slice(2);

await using disk = await open(image, { write: true, memory: 96 });
const [{ fstype: found }] = await disk.partitions();
assert.equal(found, fstype);
for (const name of readdirSync(tree, { recursive: true }).sort()) {
  const st = lstatSync(`${tree}/${name}`);
  if (st.isDirectory())
    await disk.mkdir(`/${name}`);
  else if (st.isSymbolicLink())
    await disk.symlink(readlinkSync(`${tree}/${name}`), `/${name}`);
  else
    await disk.writeFile(`/${name}`, readFileSync(`${tree}/${name}`));
}
