// SPDX-License-Identifier: GPL-2.0
//
// Archives and copies of trees.	tar.js EXT4-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [ext4] = process.argv.slice(2);
const latin1 = (text) => Buffer.from(text, 'latin1');

async function withDisk(body) {
  const disk = await open(ext4, { write: true });
  try {
    return await body(disk.fs, disk);
  } finally {
    await disk.close();
  }
}

function walk(fs, path) {
  return fs.readdirSync(latin1(path), { withFileTypes: true, encoding: 'latin1' }).flatMap((entry) =>
    [entry.name, ...(entry.isDirectory() ? walk(fs, `${path}/${entry.name}`).map((name) => `${entry.name}/${name}`) : [])]);
}

function makeAll(fs) {
  fs.mkdirSync('/src/dir/sub', { recursive: true });
  fs.writeFileSync('/src/a', 'aaa');
  fs.linkSync('/src/a', '/src/dir/hard');
  fs.symlinkSync('../a', '/src/dir/link');
  fs.symlinkSync(`/${'t'.repeat(150)}`, '/src/long-link');
  fs.chownSync('/src/a', 3000000, 1234);
  fs.chmodSync('/src/a', 0o4755);
  fs.setxattrSync('/src/a', 'user.bytes', Buffer.from([0, 10, 255]));
  fs.setxattrSync('/src/dir', 'user.dir', 'x\n=y');
  fs.mknodSync('/src/device', fs.constants.S_IFBLK | 0o640, 259, 70000);
  fs.mknodSync('/src/fifo', fs.constants.S_IFIFO | 0o600);
  const fd = fs.openSync('/src/sparse', 'w');
  fs.writeSync(fd, 'x', 5000000);
  fs.ftruncateSync(fd, 8000000);
  fs.closeSync(fd);
  fs.writeFileSync(`/src/${'n'.repeat(200)}`, 'long');
  fs.writeFileSync(latin1('/src/b\xff'), 'bytes');
  fs.writeFileSync('/src/ümlaut', 'utf8');
  fs.utimesSync('/src/a', 5.5, -3.25);
  fs.utimesSync('/src/dir', 100, 200);
}

function compare(fs, from, to) {
  const names = walk(fs, from);
  assert.deepStrictEqual(walk(fs, to), names);
  for (const name of names) {
    const [one, two] = [from, to].map((dir) => latin1(`${dir}/${name}`));
    const [a, b] = [one, two].map((path) => fs.lstatSync(path, { bigint: true }));
    for (const member of ['mode', 'uid', 'gid', 'nlink', 'rdev', 'mtimeNs'])
      assert.strictEqual(b[member], a[member], `${name}: ${member}`);
    assert.deepStrictEqual(fs.llistxattrSync(two), fs.llistxattrSync(one), name);
    if (a.isFile()) {
      assert.ok(fs.readFileSync(one).equals(fs.readFileSync(two)), name);
      assert.strictEqual(b.blocks, a.blocks, `${name}: blocks`);
    }
  }
}

/** A header of a tar archive, followed by data. */
function entry(name, type, { link = '', data = '', mode = '0000644' } = {}) {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(mode, 100);
  for (const at of [108, 116])
    block.write('0000000', at);
  block.write(data.length.toString(8).padStart(11, '0'), 124);
  block.write('00000000000', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\x0000', 257);
  block.write(block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0') + '\0 ', 148);
  return Buffer.concat([block, Buffer.from(data), Buffer.alloc((512 - data.length % 512) % 512)]);
}

const archives = {
  'an archive keeps owners, attributes, links, devices, holes and times': () => withDisk(async (fs, disk) => {
    makeAll(fs);
    fs.mkdirSync('/dst');
    await pipeline(disk.toTar('/src'), disk.fromTar('/dst'));
    compare(fs, '/src', '/dst');
    assert.deepStrictEqual(fs.getxattrSync('/dst/a', 'user.bytes'), Buffer.from([0, 10, 255]));
    await pipeline(disk.toTar('/src'), disk.fromTar('/dst'));	// over existing files
    compare(fs, '/src', '/dst');
  }),
  'archives of GNU tar are read': () => withDisk(async (fs, disk) => {
    for (const name of ['gnu', 'posix', 'ustar']) {
      fs.mkdirSync(`/${name}`);
      await pipeline(nodeFs.createReadStream(`${name}.tar`, { highWaterMark: 777 }), disk.fromTar(`/${name}`));
      assert.ok(fs.readFileSync(`/${name}/dir/random`).equals(nodeFs.readFileSync('gnu/dir/random')));
      await pipeline(disk.toTar(`/${name}`), nodeFs.createWriteStream(`out-${name}.tar`));
    }
  }),
  'no entry leaves the directory': () => withDisk(async (fs, disk) => {
    fs.mkdirSync('/box');
    fs.mkdirSync('/outside');
    const attacks = [
      [entry('../escaped', '0', { data: 'x' })],
      [entry('a/../../escaped', '0', { data: 'x' })],
      [entry('out', '2', { link: '/outside' }), entry('out/escaped', '0', { data: 'x' })],
      [entry('up', '2', { link: '..' }), entry('up/outside/escaped', '5')],
      [entry('hard', '1', { link: '../outside' })],
    ];
    for (const attack of attacks)
      await fails('ERR_TAR_ESCAPE', () => pipeline(Readable.from(attack), disk.fromTar('/box')));
    await pipeline(Readable.from([entry('/absolute', '0', { data: 'x' }), Buffer.alloc(1024)]),
                   disk.fromTar('/box'));
    assert.strictEqual(fs.readFileSync('/box/absolute', 'utf8'), 'x');
    assert.deepStrictEqual(fs.readdirSync('/outside'), []);
    assert.ok(!fs.existsSync('/escaped'));
  }),
  'malformed archives are refused': () => withDisk(async (fs, disk) => {
    fs.mkdirSync('/bad');
    const good = entry('file', '0', { data: 'x'.repeat(2000) });
    const wrongSum = Buffer.from(good);
    wrongSum[0] ^= 1;
    for (const bad of [good.subarray(0, 300), good.subarray(0, 900), wrongSum, Buffer.alloc(512, 'x'),
      entry('pax', 'x', { data: '999 path=a\n' }), entry('pax', 'x', { data: 'x path=a\n' }), entry('odd', 'Q')])
      await fails('ERR_TAR_MALFORMED', () => pipeline(Readable.from([bad]), disk.fromTar('/bad')));
    await fails('ENOENT', () => pipeline(Readable.from([]), disk.fromTar('/none')));
    await fails('ENOENT', () => pipeline(disk.toTar('/none'), disk.fromTar('/bad')));
    await fails('ERR_INVALID_ARG_TYPE', () => disk.toTar(5));
  }),
};

/** A directory with a set-user-ID file that has two names and an attribute, a link, and a hole. */
function makeCopied(fs) {
  fs.rmSync('/kept', { recursive: true, force: true });
  fs.mkdirSync('/kept');
  fs.writeFileSync('/kept/file', 'x');
  fs.chownSync('/kept/file', 1234, 5678);
  fs.chmodSync('/kept/file', 0o4755);
  fs.setxattrSync('/kept/file', 'user.note', 'y');
  fs.linkSync('/kept/file', '/kept/same');
  fs.symlinkSync('file', '/kept/link');
  fs.lchownSync('/kept/link', 12, 34);
  fs.lutimesSync('/kept/link', 1000, 2000);
  fs.writeFileSync('/kept/sparse', 'start');
  fs.truncateSync('/kept/sparse', 20 << 20);
  fs.utimesSync('/kept', 3000, 4000);
}

function checkCopied(fs, top, original) {
  const file = fs.statSync(`${top}/file`);
  assert.strictEqual(fs.lstatSync(top).mtimeMs, original.mtimeMs);
  if (process.geteuid() === 0) {
    assert.deepStrictEqual([file.uid, file.gid, file.mode & 0o7777], [1234, 5678, 0o4755]);
    assert.deepStrictEqual([fs.lstatSync(`${top}/link`).uid, fs.lstatSync(`${top}/link`).gid], [12, 34]);
  }
  assert.strictEqual(fs.lstatSync(`${top}/link`).mtimeMs, 2000000);
  assert.deepStrictEqual([file.nlink, fs.statSync(`${top}/same`).ino], [2, file.ino]);
  const sparse = fs.statSync(`${top}/sparse`);
  assert.strictEqual(sparse.size, 20 << 20);
  assert.ok(sparse.blocks * 512 < 1 << 20, `the hole takes ${sparse.blocks} blocks`);
  assert.ok(fs.readFileSync(`${top}/sparse`).subarray(0, 6).equals(Buffer.from('start\0')));
}

const copies = {
  'copyOut() and copyIn() report their progress': () => withDisk(async (fs, disk) => {
    fs.mkdirSync('/copy/sub', { recursive: true });
    fs.writeFileSync('/copy/sub/file', Buffer.alloc(3 << 20, 'copy'), { mode: 0o640 });
    fs.symlinkSync('sub/file', '/copy/link');
    fs.utimesSync('/copy/sub/file', 1000, 2000);
    const events = [];
    const done = await disk.copyOut('/copy', 'copied', { onProgress: (event) => events.push({ ...event }) });
    assert.deepStrictEqual(done, { files: 4, bytes: 3 << 20, withoutXattrs: 0 });
    assert.deepStrictEqual(events.at(-1), { path: '/copy', files: 4, bytes: 3 << 20, totalFiles: 4, totalBytes: 3 << 20 });
    assert.ok(events.some((event) => event.bytes === 1 << 20 && event.path === '/copy/sub/file'));
    assert.ok(nodeFs.readFileSync('copied/link').equals(Buffer.alloc(3 << 20, 'copy')));
    assert.strictEqual(nodeFs.statSync('copied/sub/file').mtimeMs, 2000000);
    assert.deepStrictEqual(await disk.copyIn('copied', '/back'), done);
    assert.deepStrictEqual(walk(fs, '/back'), walk(fs, '/copy'));
    assert.strictEqual(fs.statSync('/back/sub/file').mode & 0o777, 0o640);
    await fails('EEXIST', () => disk.copyIn('copied', '/back'));
    await fails('EEXIST', () => disk.copyOut('/copy/link', 'copied/link'));
    await fails('ABORT_ERR', () => disk.copyOut('/copy', 'stopped', { signal: AbortSignal.abort() }));
    await fails('ENOENT', () => disk.copyOut('/none', 'none'));
  }),
  'copyOut() and copyIn() keep owners, links and holes': () => withDisk(async (fs, disk) => {
    makeCopied(fs);
    const done = await disk.copyOut('/kept', 'kept', { owners: process.geteuid() === 0 });
    assert.strictEqual(done.withoutXattrs, 1);
    await disk.copyIn('kept', '/kept-back');
    checkCopied(fs, '/kept-back', fs.lstatSync('/kept'));
    if (process.geteuid() === 0)
      checkCopied(nodeFs, 'kept', fs.lstatSync('/kept'));
  }),
  'copyOut() and copyIn() leave owners out if asked to': () => withDisk(async (fs, disk) => {
    makeCopied(fs);
    await disk.copyOut('/kept', 'mine', { owners: false });
    assert.strictEqual(nodeFs.statSync('mine/file').uid, process.geteuid());
    assert.strictEqual(nodeFs.statSync('mine/file').mode & 0o7777, 0o755);
    await disk.copyIn('mine', '/roots', { owners: false });
    assert.strictEqual(fs.statSync('/roots/file').uid, 0);
    await fails('ERR_INVALID_ARG_TYPE', () => disk.copyOut('/kept', 'not', { owners: 1 }));
  }),
};

cases({ ...archives, ...copies });
