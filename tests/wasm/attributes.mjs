// SPDX-License-Identifier: GPL-2.0
/*
 * attributes.mjs IMAGE - change attributes of files of an ext4, which has the file "os-release"
 * and the link "link" to it
 */
import assert from 'node:assert/strict';

const { fmtDev, open } = await import(process.env.ANYFS_CORE);
const [image] = process.argv.slice(2);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);
const bytes = (text) => new TextEncoder().encode(text);

await using disk = await open(image, { write: true });
await disk.chmod('/link', 0o640);
await disk.chown('/link', 1234, 5678);
await disk.lchown('/link', 4, 5);
await disk.utimes('/link', 1_000_000_000.25, new Date(1_500_000_000_500));
await disk.lutimes('/link', -1.5, 7);
const file = await disk.stat('/os-release');
assert.deepEqual([file.mode & 0o7777, file.uid, file.gid, file.atime, file.mtime],
  [0o640, 1234, 5678, 1_000_000_000.25, 1_500_000_000.5]);
const link = await disk.stat('/link');
assert.deepEqual([link.mode & 0o7777, link.uid, link.gid, link.atime, link.mtime],
  [0o777, 4, 5, -1.5, 7]);
// Absolute links stay in the file system.
await disk.symlink('/zero', '/to-zero');
await disk.chmod('/to-zero', 0o4711);
assert.equal((await disk.stat('/zero')).mode & 0o7777, 0o4711);
await fails('ENOENT', disk.chmod('/none', 0o600));

// The device node was made by debugfs, and like all files it has the device of the disk.
const node = await disk.stat('/node');
assert.deepEqual([node.kind, fmtDev(node.rdev), fmtDev(file.rdev)], ['other', '8:300', '0:0']);
assert.equal(node.dev, file.dev);
assert.notEqual(file.dev, 0);
assert.equal(file.blksize, (await disk.statfs('/')).blockSize);
assert.ok(Math.abs(file.btime - Date.now() / 1000) < 86400);

await disk.link('/os-release', '/deep/second');
assert.equal((await disk.stat('/deep/second')).ino, file.ino);
assert.equal((await disk.stat('/os-release')).nlink, 2);
await fails('EEXIST', disk.link('/os-release', '/deep/second'));
await fails('EPERM', disk.link('/deep', '/deep/directory'));

assert.deepEqual(await disk.listXattrs('/os-release'), []);
await disk.setXattr('/os-release', 'user.comment', bytes('a comment'));
await disk.setXattr('/os-release', 'user.empty', bytes(''));
await disk.setXattr('/os-release', 'user.gone', bytes('x'));
await disk.removeXattr('/os-release', 'user.gone');
assert.deepEqual((await disk.listXattrs('/os-release')).sort(), ['user.comment', 'user.empty']);
assert.equal(new TextDecoder().decode(await disk.getXattr('/os-release', 'user.comment')), 'a comment');
assert.equal((await disk.getXattr('/os-release', 'user.empty')).length, 0);
await fails('ENODATA', disk.getXattr('/os-release', 'user.gone'));
await fails('ENODATA', disk.removeXattr('/os-release', 'user.gone'));
await fails('EOPNOTSUPP', disk.setXattr('/os-release', 'nonsense', bytes('x')));
await fails('ENODATA', disk.getXattr('/link', 'user.comment'));
await disk.setXattr('/link', 'trusted.of-link', bytes('own'));
assert.deepEqual(await disk.listXattrs('/link'), ['trusted.of-link']);

const fs = await disk.statfs('/deep');
assert.ok(fs.size > 10 << 20 && fs.size <= disk.size && fs.free < fs.size && fs.available <= fs.free);
assert.ok(fs.files > fs.filesFree && fs.filesFree > 0);
await disk.writeFile('/large', new Uint8Array(2 << 20));
await disk.sync();
const after = await disk.statfs('/');
assert.ok(fs.free - after.free >= 2 << 20 && after.size === fs.size);

// Streams: whole, in part, and interrupted.
const text = async (options) => (await new Response(disk.readStream('/os-release', options)).text());
assert.equal(await text(), 'NAME="anyfs test"\n');
assert.equal(await text({ start: 6, end: 11 }), 'anyfs');
const control = new AbortController();
const reader = disk.readStream('/deep/big', { signal: control.signal }).getReader();
assert.ok((await reader.read()).value.length > 0);
control.abort(new Error('enough'));
await assert.rejects(async () => { while (!(await reader.read()).done); }, /enough/);
await assert.rejects(new Response(disk.readStream('/none')).text(), { code: 'ENOENT' });
await disk.readStream('/deep/big').cancel();

// Remove a directory: all of it, or until the signal.
const removed = [];
await disk.rm('/deep/er/est', { progress: (path) => removed.push(path) });
assert.deepEqual(removed, ['/deep/er/est/x', '/deep/er/est']);
const stop = new AbortController();
await assert.rejects(disk.rm('/deep/er', {
  signal: stop.signal, progress: () => stop.abort(new Error('stopped')),
}), /stopped/);
assert.equal((await disk.stat('/deep/er')).kind, 'dir');
assert.equal(await disk.changes(), null);
await assert.rejects(new Response(disk.exportChanges()).text(), /opened without an overlay/);
