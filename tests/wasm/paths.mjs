// SPDX-License-Identifier: GPL-2.0
/*
 * paths.mjs IMAGE INFO NAMES - compare partitions and root directory with those of the native tool
 *
 * INFO is the output of `anyfs info --json', NAMES the output of `anyfs ls' for /.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const {
  baseName, isBelow, joinPath, normalizePath, open, parentPath, pathParts,
} = await import(process.env.ANYFS_CORE);
const [image, info, names] = process.argv.slice(2);
const native = JSON.parse(readFileSync(info));

// Functions for paths; slashes at the end do not count.
assert.deepEqual(['/', '/a', '/a/b', '/a//b//'].map(parentPath), ['/', '/', '/a', '/a']);
assert.deepEqual(['/', '/a', '/a/b', '/a//b//'].map(baseName), ['', 'a', 'b', 'b']);
assert.deepEqual(pathParts('//a/b/'), ['a', 'b']);
assert.deepEqual([joinPath('/', 'a'), joinPath('/a', 'b')], ['/a', '/a/b']);
assert.deepEqual(['/a', '/a/', '/a/b', '/ab', '/'].map((path) => isBelow(path, '/a/')),
  [true, true, true, false, false]);
assert.ok(isBelow('/a', '/') && isBelow('/', '/'));
assert.equal(normalizePath('/a/./b//../../../c/'), '/c');
assert.equal(normalizePath('../c', '/a/b'), '/a/c');

await using disk = await open(image);
const parts = await disk.partitions();
assert.deepEqual(parts.map(({ path, fstype, size }) => [path, fstype ?? '', size]),
  native.partitions.map(({ path, fstype, size }) => [path, fstype.replace('ntfs', 'ntfs3'), size]));

const found = [];
for await (const { name, kind } of disk.readdir('/')) {
  found.push(name);
  if (parts[0].path !== '/')
    assert.equal(kind, 'dir');
}
assert.deepEqual(found.sort(), readFileSync(names, 'utf8').split('\n').filter((name) => name).sort());

assert.equal((await disk.stat('/')).kind, 'dir');
assert.equal(await disk.realpath('/./..//'), '/');
if (parts[0].path !== '/') {
  const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);
  await fails('EISDIR', disk.open('/'));
  await fails('EROFS', disk.mkdir('/new'));
  await fails('EBUSY', disk.rmdir(parts[0].path));
  await fails('ENOENT', disk.stat('/p77'));
  await fails('ENOENT', disk.readdir('/none').next());
}
// All partitions at once, the whole disk of a hybrid image included.
for (const { path, fstype } of parts) {
  if (fstype) {
    assert.equal((await disk.stat(`/.././/${path}/.`)).kind, 'dir');
    assert.equal(await disk.realpath(`${path}/..`), path);
  }
}
