// SPDX-License-Identifier: GPL-2.0
/*
 * errors.mjs IMAGE DAMAGED - wrong calls fail with an Error that has a POSIX code and the path
 *
 * In DAMAGED the checksum of the inode of /os-release is wrong.
 */
import assert from 'node:assert/strict';

const { open, KernelDied } = await import(process.env.ANYFS_CORE);
const [image, damaged] = process.argv.slice(2);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);

await fails('ENOENT', open('no-such-image'));
await assert.rejects(open({ size: 512, name: 'mine', read: () => {} }, { write: true }),
  /mine: the source cannot be written/);

const disk = await open(image);
await assert.rejects(disk.stat('/none'), (err) => err.code === 'ENOENT' &&
  err.errno === -2 && err.path === '/none' && err.message.includes("lstat '/none'"));
await fails('ENOENT', disk.stat('/p7/file'));
await fails('ENOENT', disk.stat('/file'));
await fails('ENOTDIR', disk.stat('/os-release/x'));
await fails('EISDIR', disk.open('/deep', 'w'));
await fails('EROFS', disk.mkdir('/new'));
await fails('EINVAL', disk.readlink('/os-release'));
await fails('ENOENT', disk.readdir('/none').next());
await assert.rejects(disk.stat(`/${'x'.repeat(5000)}`), RangeError);

// Links and ".." stay in their file system.
const text = async (path) => {
  await using file = await disk.open(path);
  return await file.text();
};
assert.equal(await text('/link'), 'NAME="anyfs test"\n');
assert.equal(await text('/absolute/x'), 'short');
assert.equal(await text('/deep/er/out'), 'NAME="anyfs test"\n');
assert.equal(await text('/../../../os-release'), 'NAME="anyfs test"\n');
await disk.close();
await assert.rejects(disk.stat('/'), KernelDied);

// A source whose bytes cannot be read, from the start or later: an error with the cause.
let works = false;
const broken = { size: 1 << 20, name: 'broken', read(into) { if (!works) throw new Error('no'); into.fill(0); } };
await assert.rejects(open(broken), (err) => err.code === 'EIO' && err.cause.message === 'no');
works = true;
const bad = await open(broken);
works = false;
const [whole] = await bad.partitions();
assert.equal(whole.path, '/');
assert.equal(whole.error.code, 'EIO');
assert.equal(whole.error.cause.message, 'no');
await fails('EIO', bad.stat('/'));
await bad.close();

// Content that is not a file system.
const zeros = await open({ size: 1 << 20, name: 'zeros', read: (into) => into.fill(0) });
const [nothing] = await zeros.partitions();
assert.deepEqual([nothing.path, nothing.fstype, nothing.content, nothing.error], ['/', null, '', null]);
await fails('ENOENT', zeros.stat('/'));
await zeros.close();

{
  await using disk = await open(damaged);
  await assert.rejects(disk.stat('/os-release'), (err) => err.code === 'EBADMSG' &&
    err.message.startsWith('EBADMSG: a checksum does not match'));
}

// When a kernel dies, its calls fail, and other kernels keep running.
const deaths = [];
const onDeath = (reason) => deaths.push(reason);
const [first, second] = await Promise.all([open(image, { onDeath }), open(image, { onDeath })]);
await first.stat('/');
await assert.rejects(first.kernel.crash('a test'), /the kernel died: .*a test/);
assert.equal(deaths.length, 1);
assert.ok(deaths[0] instanceof KernelDied && /a test/.test(deaths[0].message));
await assert.rejects(first.stat('/'), KernelDied);
assert.equal((await second.stat('/os-release')).size, 18);
await second.close();
await first.close().catch(() => {});
assert.equal(deaths.length, 1, 'close() is not reported as a death');

// Kernels that are booted and closed one after the other do not use up the memory.
for (let i = 0; i < 30; i++) {
  const one = await open(image);
  await one.stat('/');
  await one.close();
}
