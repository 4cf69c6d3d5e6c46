// SPDX-License-Identifier: GPL-2.0
/*
 * app-changes.mjs DIR IMAGE - change IMAGE through the recorder of the application, in the page of DIR
 */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openPage } from './page.mjs';

const [dir, image] = process.argv.slice(2);
await copyFile(image, join(dir, 'image'));
const { page, close } = await openPage(dir);

await page.evaluate(() => window.start());

/** Lines of the log: kind, path, new path, and "!" if the change cannot be undone. */
const lines = () => page.evaluate(() => window.log.list().map(({ kind, path, to, undo }) =>
  [kind, path, ...(to ? [to] : []), ...(undo ? [] : ['!'])].join(' ')));

/** All names with their attributes and content, without the times that reading and undo change. */
const state = () => page.evaluate(async () => {
  const found = [];
  for await (const { path, stat } of window.disk.walk('/', { stats: true })) {
    const { kind, mode, uid, gid, nlink, mtime } = stat;
    const content = kind === 'link' ? await window.disk.readlink(path) :
      kind === 'file' && stat.size < 100 ? await (await window.disk.open(path)).text() : '';
    const xattrs = {};
    for (const name of await window.disk.listXattrs(path))
      xattrs[name] = [...await window.disk.getXattr(path, name)].join();
    found.push(JSON.stringify([path, kind, mode, uid, gid, kind === 'dir' ? 0 : nlink,
      kind === 'file' ? mtime : 0, content, xattrs]));
  }
  return found.sort();
});

/** Do @calls, expect the lines @wanted, undo them, and expect the state before. */
async function undone(wanted, calls) {
  const before = await state();
  await page.evaluate(async (list) => {
    for (const [name, ...args] of list)
      await window.changed[name](...args.map((arg) => Array.isArray(arg) ? Uint8Array.from(arg) : arg));
  }, calls);
  assert.deepEqual(await lines(), wanted);
  await page.evaluate(async () => {
    while (window.log.list().length)
      await window.log.undo();
  });
  assert.deepEqual(await state(), before, `after undo of ${JSON.stringify(calls)}`);
}

const time = 1_000_000_000;
await page.evaluate(() => window.disk.setXattr('/dir', 'user.kept', Uint8Array.of(1, 2)));
await undone(['times /file'], [['utimes', '/file', time, time]]);
await undone(['times /link'], [['lutimes', '/link', time, time]]);
await undone(['chown /file'], [['chown', '/file', 5, 6]]);
await undone(['chown /link'], [['lchown', '/link', 5, 6]]);
await undone(['chmod /file'], [['chmod', '/file', 0o600]]);
await undone(['create /other'], [['link', '/file', '/other']]);
await undone(['symlink /other'], [['symlink', 'file', '/other']]);
await undone(['mkdir /new', 'create /new/file', 'rename /new/file /new/other'],
  [['mkdir', '/new'], ['writeFile', '/new/file', 'text'], ['rename', '/new/file', '/new/other']]);
await undone(['attribute /file'], [['setXattr', '/file', 'user.a', [1]]]);
await undone(['attribute /dir'], [['removeXattr', '/dir', 'user.kept']]);
await undone(['remove /empty'], [['rmdir', '/empty']]);
// Undo restores a directory with its content, even if only a part of it was removed.
await undone(['remove /dir'], [['rm', '/dir']]);
await undone(['remove /dir/inner/file', 'remove /dir/inner/link', 'remove /dir/inner', 'remove /dir'],
  [['unlink', '/dir/inner/file'], ['unlink', '/dir/inner/link'], ['rmdir', '/dir/inner'], ['rmdir', '/dir']]);
const before = await state();
await page.evaluate(async () => {
  const controller = new AbortController();
  const progress = () => controller.abort();
  await window.changed.rm('/dir', { signal: controller.signal, progress }).catch(() => {});
});
assert.deepEqual(await lines(), ['removePart /dir']);
assert.notDeepEqual(await state(), before);
await page.evaluate(() => window.log.undo());
assert.deepEqual(await state(), before);
// A rename that only changes case is made by means of a temporary name.
await undone(['rename /file /FILE'], [['rename', '/file', '/.anyfs-rename-1'], ['rename', '/.anyfs-rename-1', '/FILE']]);
await undone([], [['rename', '/file', '/.anyfs-rename-1'], ['rename', '/.anyfs-rename-1', '/file']]);
// An upload is one change, under the name of the file.
const partial = '/.anyfs-partial-1';
await undone(['create /added'], [['writeFile', partial, 'text'], ['utimes', partial, time, time], ['rename', partial, '/added']]);
await undone(['write /link'], [['writeFile', partial, 'text'], ['rename', partial, '/link']]);
await undone([], [['writeFile', partial, 'text'], ['unlink', partial]]);

// Changes that cannot be undone, or whose old state cannot be read, are in the list too.
await page.evaluate(async () => {
  await window.changed.unlink('/name');
  await window.changed.unlink('/large');
  const { readlink, getXattr } = window.disk;
  window.disk.readlink = window.disk.getXattr = () => Promise.reject(new Error('this is a test'));
  await window.changed.unlink('/link');
  await window.changed.setXattr('/dir', 'user.other', Uint8Array.of(1));
  Object.assign(window.disk, { readlink, getXattr });
  await using file = await window.changed.open('/file', 'r+');
  await (await window.changed.open('/file')).close();
  await window.changed.open('/opened', 'wx').then((opened) => opened.close());
  await window.changed.mkdir('/dir').catch(() => {});
});
assert.deepEqual(await lines(), ['remove /name !', 'remove /large !', 'remove /link !', 'attribute /dir !',
  'write /file !', 'create /opened !']);

// A file that is saved contains the changes that were made before; undo of one of them is not saved.
assert.deepEqual(await page.evaluate(async () => {
  const { changed, log } = window;
  const counts = [log.unsaved];
  const ids = log.ids();
  await changed.mkdir('/later');
  log.saved(ids);
  counts.push(log.unsaved);
  log.saved(log.ids());
  counts.push(log.unsaved);
  await log.undo();
  counts.push(log.unsaved);
  await changed.mkdir('/later');
  counts.push(log.unsaved);
  return counts;
}), [6, 1, 0, 1, 2]);
// An upload that fails leaves no line, unless its file could not be removed.
const lasting = await lines();
await page.evaluate(async (path) => {
  const { unlink } = window.disk;
  await window.changed.writeFile(path, 'text');
  window.disk.unlink = () => Promise.reject(new Error('this is a test'));
  await window.changed.unlink(path).catch(() => {});
  window.disk.unlink = unlink;
}, partial);
assert.deepEqual(await lines(), [...lasting, `create ${partial}`]);
await close();
