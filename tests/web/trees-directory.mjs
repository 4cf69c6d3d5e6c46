// SPDX-License-Identifier: GPL-2.0
/*
 * trees-directory.mjs DIST - directories of @anyfs/trees, which is in DIST, without a page
 *
 * The files are made here, so that changes come at chosen moments of a listing.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const load = (file) => import(pathToFileURL(join(process.argv[2], file)).href);
const { Directories, Directory } = await load('directory.js');
const { Owners } = await load('owners.js');
const { countFiles } = await load('folder-size.js');
const { english } = await load('strings.js');

const order = { column: 'name', descending: false, followSymlinks: true, strings: english };
const signal = new AbortController().signal;
const statOf = (ino, more) => ({ ino, dev: 1, mode: 0o100644, nlink: 1, size: 1, blocks: 1,
  kind: 'file', uid: 0, gid: 0, rdev: 0, blksize: 4096, atime: 0, ctime: 0, mtime: 0, ...more });
const failure = (code) => Object.assign(new Error(code), { code });
const names = (directory) => directory.get().items.map(({ name }) => name);

/** Files of one directory; @inodes maps names to attributes.  Each listing waits for @gate(). */
function filesWith(inodes, gate = async () => {}) {
  return {
    async *list() {
      const listed = [...inodes].map(([name, stat]) => ({ name, ino: stat.ino, kind: stat.kind, stat }));
      await gate();
      yield listed;
    },
    async stat(path) {
      if (path === '/')
        return statOf(2, { kind: 'dir' });
      const stat = inodes.get(path.slice(path.lastIndexOf('/') + 1));
      if (!stat || stat.error)
        throw failure(stat ? stat.error : 'ENOENT');
      return stat;
    },
  };
}

/** A promise that open() resolves. */
function door() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { open, opened };
}

// A change during a listing that has read the directory already is not lost.
{
  const inodes = new Map([['gone', statOf(1)], ['kept', statOf(2)]]);
  let gate = door();
  const directory = new Directory({ files: filesWith(inodes, () => gate.opened), mountPath: '/' },
    '/', order);
  inodes.delete('gone');
  await directory.update('gone');
  gate.open();
  await directory.whole();
  assert.deepEqual(names(directory), ['kept'], 'a file removed in the first listing');

  gate = door();
  directory.refresh();
  inodes.set('new', statOf(3));
  await directory.update('new');
  gate.open();
  await directory.whole();
  assert.deepEqual(names(directory), ['kept', 'new'], 'a file made in the second listing');

  // A file that cannot be read is still there.
  inodes.set('kept', { error: 'EIO' });
  await directory.update('kept');
  assert.deepEqual(names(directory), ['kept', 'new']);
  inodes.delete('kept');
  await directory.update('kept');
  assert.deepEqual(names(directory), ['new']);
}

// The tree waits for a directory, even if many others are opened or the directory is loaded again.
{
  const gate = door();
  const inodes = new Map([['sub', statOf(1, { kind: 'dir' })], ['file', statOf(2)]]);
  const directories = new Directories({ files: filesWith(inodes, () => gate.opened), mountPath: '/' },
    order);
  const folders = directories.folders('/slow');
  for (let i = 0; i < 60; i++)
    directories.get(`/other${i}`);
  directories.refresh('/slow');
  gate.open();
  assert.deepEqual((await folders).map(({ name }) => name), ['sub']);

  // peek() finds only loaded directories, and loads none.
  assert.equal(directories.peek('/none'), undefined);
  assert.equal(directories.peek('/slow').find('file').ino, 2);

  // A change of the root, which is an entry of no directory.
  await directories.get('/').whole();
  await directories.changed('/');
  await directories.get('/').whole();
  assert.deepEqual(names(directories.get('/')), ['sub', 'file']);
  directories.close();
}

// Names of users are read when they are shown.
{
  const read = [];
  const text = new TextEncoder().encode('root:x:0:0::/:/bin/sh\nuser:x:1000:\n');
  const owners = new Owners({
    statFollow: async () => statOf(1, { size: text.length }),
    read: async (path) => { read.push(path); return text; },
  }, '/p1');
  await new Promise(setImmediate);
  assert.deepEqual(read, [], 'nothing is read before the names show');
  await new Promise((resolve) => { owners.subscribe(resolve); owners.subscribe(() => {}); });
  assert.deepEqual(read, ['/p1/etc/passwd', '/p1/etc/group']);
  assert.equal(owners.get().users.get(1000), 'user');
}

// Hard links count once; files of two file systems can have the same inode number.
{
  const linked = (dev) => new Map([['a', statOf(12, { dev, nlink: 2, size: 5 })],
    ['b', statOf(12, { dev, nlink: 2, size: 5 })]]);
  const files = { list: (path) => filesWith(linked(path === '/p1' ? 1 : 2)).list() };
  const dir = (path) => ({ path, kind: 'dir', stat: statOf(2, { kind: 'dir' }) });
  let size;
  await countFiles(files, [dir('/p1'), dir('/p2')], signal, (now) => { size = now; });
  assert.deepEqual({ bytes: size.bytes, files: size.files, counting: size.counting },
    { bytes: 10, files: 4, counting: false });
}

// A million entries are in order, and other work continues meanwhile.
{
  const COUNT = 1_000_000;
  const files = {
    async *list() {
      for (let at = 0; at < COUNT; at += 500)
        yield Array.from({ length: 500 }, (_, i) => {
          const number = (at + i) * 7919 % COUNT;
          return { name: `file ${number}`, ino: number + 1, kind: 'file', stat: statOf(number + 1, { size: number }) };
        });
    },
  };
  const start = performance.now();
  const directory = new Directory({ files, mountPath: '/' }, '/', order);
  await directory.whole();
  console.log(`${COUNT} entries in order after ${Math.round(performance.now() - start)} ms`);
  const { items } = directory.get();
  assert.equal(items.length, COUNT);
  assert.deepEqual([0, 9, 10, COUNT - 1].map((i) => items[i].name),
    ['file 0', 'file 9', 'file 10', `file ${COUNT - 1}`]);

  let longest = 0;
  let last = performance.now();
  const begun = last;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 0);
  await new Promise((resolve) => {
    directory.subscribe(resolve);
    directory.setOrder({ ...order, column: 'size', descending: true });
  });
  clearInterval(timer);
  console.log(`sorted by size after ${Math.round(performance.now() - begun)} ms, ` +
    `with pauses of at most ${Math.round(longest)} ms for other work`);
  assert.equal(directory.get().items[0].name, `file ${COUNT - 1}`);
  assert.equal(directory.get().items[COUNT - 1].name, 'file 0');
  directory.close();
}
