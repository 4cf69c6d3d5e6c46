// SPDX-License-Identifier: GPL-2.0
/*
 * session.mjs DISK - test the session objects on a disk with a GPT, vfat in partition 1 and ext4
 * in partition 2
 */
import assert from 'node:assert/strict';

const core = await import(process.env.ANYFS_CORE);
const { mountNodeFile, haltKernel } = await import(new URL('node.js', `file://${process.env.ANYFS_CORE}`));
const [image] = process.argv.slice(2);

const { backend, allowedKinds } = core.createSession('node');
assert.equal(backend, 'node-wasm');
assert.deepEqual([...allowedKinds], ['path']);

const steps = [];
const session = new core.NodeWasmSession({ memMb: 64 });
const stop = session.onProgress((step) => steps.push(step));
await session.attachPath(image);
await assert.rejects(session.attachPath(image), /has an image already/);
const parts = await session.listParts();
assert.deepEqual(parts.map(({ slot_id, index, kind, ptype, fstype }) => [slot_id, index, kind, ptype, fstype]),
  [[1, 1, 'partition', 'gpt', 'vfat'], [2, 2, 'partition', 'gpt', 'ext4']]);
assert.ok(parts.every(({ offset, size }) => offset >= 512 * 34 && size > 0));
assert.match(parts[1].uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
assert.equal((await session.meta()).pt_type, 'gpt');

const root = await session.enter(2);
stop();
assert.deepEqual(steps, ['booting', 'attached', 'mounting']);
const names = (await session.readdir(root)).map(({ name, kind }) => `${name} ${kind}`);
assert.ok(names.includes('deep dir') && names.includes('link link'), names.join());
assert.equal(await session.readlink(`${root}/link`), 'os-release');
assert.equal(await session.realpath(`${root}/deep/er/out`), `${root}/os-release`);
assert.equal(await session.realpath(root), root);
assert.equal((await session.stat(`${root}/link`)).kind, 'link');
assert.equal((await session.statFollow(`${root}/link`)).kind, 'file');
assert.match(await session.readKernelFile('/proc/filesystems'), /\text4\n/);

const fd = await session.openFd(`${root}/os-release`);
assert.equal(new TextDecoder().decode(await session.readFd(fd, 6, 5)), 'anyfs');
await session.closeFd(fd);
await assert.rejects(session.readFd(fd, 0, 1), { code: 'EBADF' });
const { stream, size } = await session.openReadable(`${root}/deep/big`, { chunkSize: 65536 });
let got = 0;
for await (const part of stream)
  got += part.length;
assert.equal(got, size);
assert.equal(size, 5_000_000);
const paths = [];
for await (const some of session.walk(root, 50)) {
  assert.ok(some.length <= 50);
  paths.push(...some);
}
assert.ok(paths.includes(`${root}/deep/er/file-200`));
assert.equal(new Set(paths).size, paths.length);
await session.close();
await assert.rejects(session.stat(root), { code: 'ENODEV' });

const { session: other, mountPath } = await mountNodeFile(image);
assert.equal(mountPath, '/p1');
assert.ok((await other.readdir(mountPath)).length);
await haltKernel();

assert.equal(core.fmtBytes(1536), '1.5 KiB');
assert.equal(core.fmtMode(0o104755), '-rwsr-xr-x');
assert.equal(core.fmtDev(0x0801), '8:1');
assert.deepEqual(core.splitExt('a.tar.gz'), ['a.tar', '.gz']);
