// SPDX-License-Identifier: GPL-2.0
/*
 * volumes.mjs IMAGE NATIVE [PATH...] - check the volumes of a disk, of which those at PATH are
 * encrypted
 *
 * NATIVE is the output of `anyfs info --json' for the disk with the key.  @anyfs/core must list
 * the same volumes with the same content, and read nothing with a wrong key.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { manifest } from './manifest.mjs';
import { assertSame } from './host-manifest.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [image, native, ...encrypted] = process.argv.slice(2);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);
const words = readFileSync('key', 'utf8');

await using disk = await open(image);
for (const path of encrypted) {
  const before = (await disk.partitions()).find((part) => part.path === path);
  assert.deepEqual([before.content, before.locked, before.fstype], ['crypto_LUKS', true, null]);
  assert.match(before.uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await fails('ENOKEY', disk.stat(path));
  await fails('ENOKEY', disk.open(`${path}/file`));
  await fails('EKEYREJECTED', disk.unlock(path, 'wrong words'));
  await fails('EKEYREJECTED', disk.unlock(path, ''));
  await fails('ENOKEY', disk.stat(path));
  await disk.unlock(path, new TextEncoder().encode(words));
  await disk.unlock(path, words);
  const after = (await disk.partitions()).find((part) => part.path === path);
  assert.deepEqual([after.content === '', after.locked], [false, false]);
}
const parts = await disk.partitions();
const want = JSON.parse(readFileSync(native, 'utf8')).partitions;
assert.deepEqual(parts.map(({ path, fstype, content }) => [path, fstype ?? content]),
  want.map(({ path, fstype }) => [path, fstype]));
for (const { path, fstype } of parts)
  if (fstype)
    await assertSame(await manifest(disk, path), 'tree');
const plain = parts.find(({ content, fstype }) => fstype && !content);
if (plain)
  await fails('EINVAL', disk.unlock(plain.path, 'words'));
if (parts[0].path !== '/')
  await fails('ENOENT', disk.unlock('/p99', 'words'));
