// SPDX-License-Identifier: GPL-2.0
/*
 * trees-rename.mjs DIST IMAGE - change IMAGE with the functions of @anyfs/trees, which is in DIST
 *
 * IMAGE has the files "a" and "b" with their names as content, and the directory "dir" with the
 * file "a" and the directory "deep" with 20 files.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, image] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { open } = await import(process.env.ANYFS_CORE);
const { moveFiles, removeFiles, renameFile } = await load('changes.js');
const { english } = await load('strings.js');
const { uploadFiles } = await load('upload.js');

await using disk = await open(image, { overlay: true });
const changed = [];
const browser = { disk, mountPath: '/', strings: english, changed: (path) => changed.push(path) };
const textOf = async (path) => {
  await using file = await disk.open(path);
  return await file.text();
};
const namesIn = async (path) => (await Array.fromAsync(disk.readdir(path), ({ name }) => name))
  .filter((name) => name !== 'lost+found').sort();
/** The control object that tasks.ts passes to the work; it aborts after @most entries. */
function control(most = Infinity) {
  const stop = new AbortController();
  const failures = [];
  return { failures, signal: stop.signal, fail: (text) => failures.push(text),
    update: ({ done }) => { if (done >= most) stop.abort(); } };
}

// No file is replaced, though the list of the directory may not show it yet.
await assert.rejects(renameFile(browser, '/a', 'b'), /“b” already exists here/);
assert.deepEqual([await textOf('/a'), await textOf('/b')], ['a', 'b']);
await assert.rejects(renameFile(browser, '/a', 'dir'), /“dir” already exists here/);
await assert.rejects(renameFile(browser, '/none', 'other'), { code: 'ENOENT' });

// Another name, also one that differs in case only, of a file and of a directory.
await renameFile(browser, '/a', 'A');
await renameFile(browser, '/dir', 'DIR');
assert.deepEqual(await namesIn('/'), ['A', 'DIR', 'b']);
assert.ok(changed.includes('/') || ['/a', '/A', '/dir', '/DIR'].every((path) => changed.includes(path)));
await renameFile(browser, '/A', 'a');

// Moving does not replace a file either, and continues with the next file.
const moving = control();
await moveFiles(browser, ['/a', '/b'], '/DIR', moving);
assert.deepEqual(moving.failures, ['“a” already exists here']);
assert.deepEqual([await namesIn('/'), await namesIn('/DIR')], [['DIR', 'a'], ['a', 'b', 'deep']]);

// Two uploads that begin in the same millisecond do not share a temporary file.
{
  const { now } = Date;
  Date.now = () => 1;
  const names = ['one', 'two'];
  const uploads = names.map(async (name) => {
    const uploading = control();
    await uploadFiles(browser, [{ path: name, file: new File([name], name) }], '/DIR', null, uploading);
    return uploading.failures;
  });
  assert.deepEqual(await Promise.all(uploads), [[], []]);
  Date.now = now;
  assert.deepEqual(await Promise.all(names.map((name) => textOf(`/DIR/${name}`))), names);
  for (const name of names)
    await disk.unlink(`/DIR/${name}`);
}

// Removing can be stopped between two files, and removes everything below a directory.
const stopped = control(5);
await assert.rejects(removeFiles(browser, ['/DIR/deep'], stopped), { name: 'AbortError' });
assert.equal((await namesIn('/DIR/deep')).length, 15);
await assert.rejects(removeFiles(browser, ['/a'], stopped), { name: 'AbortError' });
const removing = control();
assert.equal(await removeFiles(browser, ['/none', '/DIR'], removing), '19 items deleted');
assert.equal(removing.failures.length, 1);
assert.match(removing.failures[0], /ENOENT.*none/);
assert.deepEqual(await namesIn('/'), ['a']);
