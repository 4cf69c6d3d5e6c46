// SPDX-License-Identifier: GPL-2.0
/*
 * errors.mjs IMAGE - what wrong calls get: an Error with a POSIX code and the path
 */
import assert from 'node:assert/strict';

const { open, KernelDied } = await import(process.env.ANYFS_CORE);
const [image] = process.argv.slice(2);
const fails = (code, promise) => assert.rejects(promise, (err) => err.code === code);

await fails('ENOENT', open('no-such-image'));
await assert.rejects(open({ size: 512, name: 'mine', read: () => {} }, { write: true }),
  /mine: it cannot be written/);

const disk = await open(image);
await assert.rejects(disk.stat('/p0/none'), (err) => err.code === 'ENOENT' &&
  err.errno === -2 && err.path === '/p0/none' && err.message.includes("lstat '/p0/none'"));
await fails('ENOENT', disk.stat('/p7/file'));
await fails('ENOENT', disk.stat('/file'));
await fails('ENOTDIR', disk.stat('/p0/os-release/x'));
await fails('EISDIR', disk.open('/p0/deep', 'w'));
await fails('EROFS', disk.mkdir('/p0/new'));
await fails('EINVAL', disk.readlink('/p0/os-release'));
await fails('ENOENT', disk.readdir('/p0/none').next());
await assert.rejects(disk.stat(`/p0/${'x'.repeat(5000)}`), RangeError);

// Links and ".." stay in their file system.
const text = async (path) => {
  await using file = await disk.open(path);
  return await file.text();
};
assert.equal(await text('/p0/link'), 'NAME="anyfs test"\n');
assert.equal(await text('/p0/absolute/x'), 'short');
assert.equal(await text('/p0/deep/er/out'), 'NAME="anyfs test"\n');
assert.equal(await text('/p0/../../../os-release'), 'NAME="anyfs test"\n');
await disk.close();
await assert.rejects(disk.stat('/p0'), KernelDied);

// A source whose bytes cannot be read, from the start or later: an error with the cause.
let works = false;
const broken = { size: 1 << 20, name: 'broken', read(into) { if (!works) throw new Error('no'); into.fill(0); } };
await assert.rejects(open(broken), (err) => err.code === 'EIO' && err.cause.message === 'no');
works = true;
const bad = await open(broken);
works = false;
const [whole] = await bad.partitions();
assert.equal(whole.path, '/p0');
assert.equal(whole.error.code, 'EIO');
assert.equal(whole.error.cause.message, 'no');
await fails('EIO', bad.stat('/p0'));
await bad.close();

// Content that is no file system.
const zeros = await open({ size: 1 << 20, name: 'zeros', read: (into) => into.fill(0) });
assert.deepEqual(await zeros.partitions(), []);
await fails('ENOENT', zeros.stat('/p0'));
await zeros.close();

// A kernel that dies ends its calls, and no other kernel.
const [first, second] = await Promise.all([open(image), open(image)]);
await first.stat('/p0');
await assert.rejects(first.kernel.crash('a test'), /the kernel died: .*a test/);
await assert.rejects(first.stat('/p0'), KernelDied);
assert.equal((await second.stat('/p0/os-release')).size, 18);
await second.close();

// Many one after the other do not pile up.
for (let i = 0; i < 30; i++) {
  const one = await open(image);
  await one.stat('/p0');
  await one.close();
}
