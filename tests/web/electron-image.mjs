// SPDX-License-Identifier: GPL-2.0
/*
 * electron-image.mjs KERNEL DISK LUKS QCOW2 - open images by path in utility processes, change
 * and save them
 */
import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';

import { fake, startProgram, until } from './electron/program.mjs';

const [kernel, gpt, luks, qcow2] = process.argv.slice(2);
const { KernelDied, open } = await import(process.env.ANYFS_CORE);

fake.switches.kernel = kernel;
await startProgram();
const [window] = fake.windows;
let lastRequest = 0;

/** Open an image with the calls that the page makes. */
async function openImage(path, options) {
  fake.answers.push({ filePaths: [path] });
  const image = await fake.invoke(window, 'choose-image');
  const request = ++lastRequest;
  await fake.invoke(window, 'connect', image.id, request);
  const [, number, [port]] = window.webContents.ports.at(-1);
  assert.equal(number, request);
  const disk = await open(image.id, { memory: 96, worker: port.port, ...options });
  return { image, request, disk, process: fake.processes.at(-1) };
}

async function steps(generator) {
  let last = 0;
  for await (const bytes of generator)
    last = bytes;
  return last;
}

/** Partitions with errors as booleans, because the messages of two kernels differ. */
const shown = (parts) => parts.map(({ error, ...part }) => ({ ...part, error: error !== null }));

{
  const before = readFileSync(gpt);
  const { image, request, disk, process: child } = await openImage(gpt, { overlay: true });
  assert.equal(disk.size, before.length);
  assert.equal(image.size, before.length);
  const local = await open(gpt);
  assert.deepEqual(shown(await disk.partitions()), shown(await local.partitions()));
  assert.equal(await disk.tableType(), await local.tableType());
  const { ino, atime, ...stat } = await disk.stat('/p2/os-release');
  const { ino: otherIno, atime: otherAtime, ...other } = await local.stat('/p2/os-release');
  assert.equal(ino, otherIno);
  assert.deepEqual({ ...stat, dev: 0 }, { ...other, dev: 0 });
  for (const root of ['/', '/p2', '/p2/deep/er']) {
    const listed = async (from) => {
      const found = [];
      for await (const { path, entry, stat: { size, kind } } of from.list(root, { stats: true }))
        found.push([path, entry.name, entry.kind, kind, kind === 'file' ? size : 0]);
      return found.sort();
    };
    assert.deepEqual(await listed(disk), await listed(local));
  }
  {
    await using file = await disk.open('/p2/deep/big');
    await using same = await local.open('/p2/deep/big');
    assert.deepEqual(await file.read(4_999_990, 100), await same.read(4_999_990, 100));
    assert.equal((await file.read(1 << 20, 1 << 20)).length, 1 << 20);
  }
  await local.close();
  await assert.rejects(disk.stat('/p2/missing'), { name: 'FsError', code: 'ENOENT', errno: -2, path: '/p2/missing' });
  await assert.rejects(disk.readdir('/p2/os-release').next(), { code: 'ENOTDIR' });
  assert.equal(await disk.readlink('/p2/link'), 'os-release');
  assert.equal(await disk.realpath('/p2/link'), '/p2/os-release');
  const space = await disk.statfs('/p2');
  assert.ok(space.size > space.free && space.free >= space.available && space.blockSize >= 1024);

  // Changes stay in memory.
  await disk.writeFile('/p2/new', 'saved in place\n');
  await disk.mkdir('/p2/dir', 0o750);
  await disk.rename('/p2/os-release', '/p2/dir/moved');
  await disk.chmod('/p2/dir/moved', 0o600);
  await disk.setXattr('/p2/new', 'user.note', new TextEncoder().encode('value'));
  assert.equal(new TextDecoder().decode(await disk.getXattr('/p2/new', 'user.note')), 'value');
  await disk.utimes('/p2/new', 1000, 2000);
  assert.equal((await disk.stat('/p2/new')).mtime, 2000);
  const removed = [];
  await disk.rm('/p2/deep', { progress: (path) => removed.push(path) });
  assert.ok(removed.length > 200 && removed.at(-1) === '/p2/deep');
  await disk.sync();
  assert.deepEqual(readFileSync(gpt), before, 'the image has changed before it was saved');
  const exported = [];
  for await (const part of disk.export())
    exported.push(part);
  writeFileSync('exported.img', Buffer.concat(exported));
  const patch = [];
  for await (const part of disk.exportChanges('disk.img'))
    patch.push(part);
  writeFileSync('patch.qcow2', Buffer.concat(patch));

  // The image is written only when the user agrees.
  await assert.rejects(steps(disk.commit()), { code: 'EACCES' });
  fake.answers.push({ response: 0 });
  assert.equal(await fake.invoke(window, 'allow-writing', image.id, request), false);
  await assert.rejects(steps(disk.commit()), { code: 'EACCES' });
  assert.deepEqual(readFileSync(gpt), before, 'the image has changed against the will of the user');
  const allow = async () => {
    fake.answers.push({ response: 1 });
    assert.equal(await fake.invoke(window, 'allow-writing', image.id, request), true);
  };
  await allow();
  assert.ok(await steps(disk.commit()) > 4096);
  // Few bytes are changed after the commit: the mounted file systems mark themselves as in use.
  assert.ok((await disk.changes()).bytes < 1 << 16);
  await disk.writeFile('/p2/second', 'saved again\n');
  await allow();
  await steps(disk.commit());
  // A permission is valid once, and not for a file that another program has changed.
  await disk.writeFile('/p2/third', 'not saved\n');
  await assert.rejects(steps(disk.commit()), { code: 'EACCES' });
  await allow();
  utimesSync(gpt, 1, 1);
  await assert.rejects(steps(disk.commit()), /another program has changed/);
  await disk.close();
  await child.exited;
  assert.equal(child.exitCode, 0);
}

{
  const { disk, process: child } = await openImage(luks, { overlay: true });
  assert.deepEqual((await disk.partitions()).map(({ content, locked }) => [content, locked]), [['crypto_LUKS', true]]);
  await assert.rejects(disk.unlock('/', 'wrong'), { code: 'EKEYREJECTED' });
  await disk.unlock('/', 'secret');
  const [part] = await disk.partitions();
  assert.deepEqual([part.fstype, part.content, part.locked], ['ext4', 'crypto_LUKS', false]);
  assert.match(await (await disk.open('/os-release')).text(), /anyfs test/);
  await disk.close();
  await child.exited;
}

{
  const { image, request, disk } = await openImage(qcow2, { overlay: true });
  assert.ok(image.size < disk.size);
  await disk.writeFile('/p2/note', 'not in a qcow2\n');
  fake.answers.push({ response: 1 });
  await fake.invoke(window, 'allow-writing', image.id, request);
  await assert.rejects(steps(disk.commit()), /can only be read/);
  await disk.close();
}

{
  const { disk, process: child } = await openImage(gpt, {});
  await assert.rejects(disk.writeFile('/p2/new', ''), { code: 'EROFS' });
  assert.equal(await disk.changes(), null);
  child.child.kill('SIGKILL');
  await assert.rejects(async () => {
    for (;;)
      await disk.stat('/p2');
  }, KernelDied);
}

// Closing a window ends its processes.
const { process: left } = await openImage(gpt, { overlay: true });
assert.equal(window.userCloses(false), true);
await left.exited;
assert.equal(left.exitCode, 0);
await until(() => fake.processes.every(({ exitCode }) => exitCode !== undefined));
