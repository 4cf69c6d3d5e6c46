// SPDX-License-Identifier: GPL-2.0
/*
 * array.mjs read|degraded|write PATH MEMBER... - read or change the file system at PATH in images
 * that are members of an array or a volume group
 *
 * array.mjs fails CODE TEXT MEMBER... - a partition must have an error with CODE and a message that
 * contains all parts of TEXT, which are separated by "|"
 *
 * The file system has "tree" below it, and write adds the file "new".
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertSame } from './host-manifest.mjs';
import { manifest } from './manifest.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [what, path, ...rest] = process.argv.slice(2);

async function read(members, options) {
  await using disk = await open(members, options);
  for (const { path: locked } of (await disk.partitions()).filter((part) => part.locked))
    await disk.unlock(locked, readFileSync('key'));
  await assertSame(await manifest(disk, path), 'tree');
}

switch (what) {
  case 'read':
    await read(rest, {});
    break;
  case 'degraded':
    await read(rest, { degraded: true });
    break;
  case 'write': {
    await using disk = await open(rest, { write: true });
    await disk.writeFile(`${path}/new`, 'from wasm\n');
    break;
  }
  case 'fails': {
    const [text, ...members] = rest;
    await using disk = await open(members);
    const { error } = (await disk.partitions()).find((part) => part.error);
    assert.equal(error.code, path, error.message);
    for (const word of text.split('|'))
      assert.ok(error.message.includes(word), `"${word}" is not in: ${error.message}`);
    break;
  }
}
