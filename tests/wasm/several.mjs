// SPDX-License-Identifier: GPL-2.0
/*
 * several.mjs DISK IMAGE EXPORTED CHANGES - two images that are opened as one disk
 *
 * DISK has partitions with "fat-tree" and "tree", IMAGE is a file system with "tree".  EXPORTED
 * gets the changed IMAGE, CHANGES the changes alone; in the end both images are changed.
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { assertSame } from './host-manifest.mjs';
import { manifest } from './manifest.mjs';

const { open } = await import(process.env.ANYFS_CORE);
const [disk, image, exported, changes] = process.argv.slice(2);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);

/** All of @stream; a Response of a page would not report the error of a stream. */
async function bytes(stream) {
  const parts = [];
  for await (const part of stream)
    parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function names(from, path) {
  const found = [];
  for await (const { name } of from.readdir(path))
    found.push(name);
  return found;
}

{
  await using both = await open([disk, image]);
  assert.equal(both.size, statSync(disk).size + statSync(image).size);
  assert.deepEqual(await names(both, '/'), ['disk0', 'disk1']);
  assert.deepEqual(await names(both, '/disk0'), ['p1', 'p2']);
  assert.deepEqual((await both.partitions()).map(({ kind, path, fstype }) => [kind, path, fstype]), [
    ['partition', '/disk0/p1', 'vfat'], ['partition', '/disk0/p2', 'ext4'], ['disk', '/disk1', 'ext4'],
  ]);
  assert.deepEqual([await both.tableType(), await both.tableType(1)], ['gpt', '']);
  await assert.rejects(both.tableType(2), /no image 2: 2 were opened/);
  await assertSame(await manifest(both, '/disk0/p1'), 'fat-tree');
  await assertSame(await manifest(both, '/disk0/p2'), 'tree');
  await assertSame(await manifest(both, '/disk1'), 'tree');
  assert.equal(await both.realpath('/disk1/deep/../link'), '/disk1/os-release');
  assert.equal((await both.stat('/')).kind, 'dir');
  await fails('ENOENT', both.stat('/disk2'));
  await fails('ENOENT', both.stat('/p1'));
  await fails('EROFS', both.mkdir('/new'));
  await fails('EROFS', both.mkdir('/disk1/new'));
}
{
  // A list of one image has directories, too.
  await using one = await open([image]);
  assert.deepEqual(await names(one, '/'), ['disk0']);
  await assertSame(await manifest(one, '/disk0'), 'tree');
}
await assert.rejects(open([]), /the list of images is empty/);
await fails('ENOENT', open([image, `${image}.missing`]));

const before = [disk, image].map((path) => new Uint8Array(readFileSync(path)));
await using both = await open([disk, image], { overlay: true, write: true });
await both.writeFile('/disk0/p2/new', 'on the first\n');
await both.writeFile('/disk1/new', 'on the second\n');
await fails('EXDEV', both.rename('/disk1/new', '/disk0/p2/moved'));
writeFileSync(exported, await bytes(both.export(1)));
writeFileSync(changes, await bytes(both.exportChanges(image, 1)));
assert.equal((await bytes(both.export())).length, before[0].length);
await assert.rejects(bytes(both.export(2)), /no image 2/);
assert.deepEqual([disk, image].map((path) => new Uint8Array(readFileSync(path))), before);
let steps = 0;
let last = 0;
for await (const written of both.commit()) {
  assert.ok(written >= last, 'the progress of the second image continues from that of the first');
  last = written;
  steps++;
}
assert.ok(steps > 1 && last > 0);
// The file systems are in use again, and their superblocks say so.
assert.ok((await both.changes()).bytes < 1 << 20);
