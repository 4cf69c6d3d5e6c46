// SPDX-License-Identifier: GPL-2.0
//
// The functions that @anyfs/core calls: sessions.	session.js GPT-IMAGE NESTED-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const anyfs = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [gpt, nested] = process.argv.slice(2);

/** Open a session, and call body(handle of the session). */
async function withSession(image, body, flags) {
  assert.strictEqual(anyfs.kernelInit(64, 0), 0);
  const handle = anyfs.sessionOpen(image, flags);
  assert.ok(handle > 0, `sessionOpen: ${handle}`);
  try {
    await body(handle);
  } finally {
    assert.strictEqual(anyfs.sessionClose(handle), 0);
    anyfs.kernelHalt();
  }
}

const slots = async (handle) => JSON.parse(await anyfs.sessionListJson(handle));

const listed = {
  'a session lists its partitions': () => withSession(gpt, async (handle) => {
    assert.deepStrictEqual(
      (await slots(handle)).map((s) => [s.slot_id, s.parent, s.index, s.offset, s.kind, s.fstype]),
      [[1, -1, 1, 1 << 20, 'partition', 'vfat'], [2, -1, 2, 17 << 20, 'partition', 'ext4']]);
    assert.deepStrictEqual(JSON.parse(await anyfs.sessionMetaJson(handle)),
                           { logical_size: nodeFs.statSync(gpt).size, pt_type: 'gpt' });
  }),
  'files are listed, described and read': () => withSession(gpt, async (handle) => {
    const top = await anyfs.sessionEnter(handle, 2);
    assert.strictEqual(top, `/${handle}/p2`);
    const entries = JSON.parse(await anyfs.readdirJson(top));
    assert.deepStrictEqual(entries.map((e) => [e.name, e.kind]),
                           [['file', 'file'], ['lost+found', 'dir'], ['sub', 'dir']]);
    const file = JSON.parse(await anyfs.lstatJson(`${top}/file`));
    assert.strictEqual(file.ino, entries[0].ino);
    assert.deepStrictEqual([file.size, file.kind, file.mode & 0o777], [8, 'file', 0o644]);
    assert.ok(Math.abs(file.mtime - Date.now() / 1000) < 86400);
    assert.strictEqual(JSON.parse(await anyfs.lstatJson(`${top}/sub/absolute`)).kind, 'link');
    assert.strictEqual(JSON.parse(await anyfs.statJson(`${top}/sub/absolute`)).kind, 'file');
    assert.strictEqual(await anyfs.readlink(`${top}/sub/absolute`), '/file');
    assert.strictEqual(await anyfs.realpath(`${top}/sub/out`), `${top}/file`);
    const fd = await anyfs.fileOpen(`${top}/file`, 0);
    const { rc, data } = await anyfs.pread(fd, 100, 3);
    assert.strictEqual(rc, 5);
    assert.strictEqual(Buffer.from(data).toString(), 'ext4\n');
    assert.strictEqual((await anyfs.pread(fd, 100, 8)).rc, 0);
    assert.strictEqual(await anyfs.fileClose(fd), 0);
    assert.strictEqual(await anyfs.fileClose(fd), -9);
  }),
  'the content of partitions gets slots after those of the partitions': () => withSession(nested, async (handle) => {
    assert.deepStrictEqual((await slots(handle)).map((s) => [s.slot_id, s.parent, s.index, s.fstype]),
                           [[1, -1, 1, ''], [2, 1, 1, 'vfat'], [3, 1, 2, 'ext4']]);
    const top = await anyfs.sessionEnter(handle, 3);
    assert.strictEqual(top, `/${handle}/p1/p2`);
    const fd = await anyfs.fileOpen(`${top}/file`);
    assert.strictEqual(Buffer.from((await anyfs.pread(fd, 99, 0)).data).toString(), 'in ext4\n');
    assert.deepStrictEqual(JSON.parse(await anyfs.readdirJson(await anyfs.sessionEnter(handle, 1))).map((e) => e.name),
                           ['p1', 'p2']);
  }),
  'two sessions are open at once': () => withSession(gpt, async (first) => {
    const second = anyfs.sessionOpen(nested, anyfs.SESSION_READONLY);
    assert.notStrictEqual(first, second);
    assert.ok(await anyfs.readdirJson(await anyfs.sessionEnter(first, 2)));
    assert.strictEqual(anyfs.sessionClose(second), 0);
    await fails('EBADF', () => anyfs.sessionListJson(second));
    assert.ok(await anyfs.readdirJson(`/${first}/p2`));
  }),
  'a session with flags 0 writes': () => withSession(gpt, async (handle) => {
    const top = await anyfs.sessionEnter(handle, 2);
    assert.strictEqual(await anyfs.fileClose(await anyfs.fileOpen(`${top}/new`, 0o102)), 0);
    assert.strictEqual(JSON.parse(await anyfs.statJson(`${top}/new`)).size, 0);
    await fails('EINVAL', () => anyfs.sessionEnter(handle, 2, anyfs.SESSION_READONLY));
  }, 0),
  'files that the kernel generates are read': async () => {
    await fails('ENODEV', () => anyfs.readKernelFile('/proc/version'));
    anyfs.kernelInit(64, 0);
    assert.match(await anyfs.readKernelFile('/proc/version'), /^Linux version 6/);
    assert.match(await anyfs.readKernelFile('/proc/filesystems'), /\text4\n/);
    await fails('ENOENT', () => anyfs.readKernelFile('/none'));
    anyfs.kernelHalt();
  },
  'misuse is an error': async () => {
    assert.strictEqual(anyfs.sessionOpen(gpt), -19);
    await withSession(gpt, async (handle) => {
      assert.strictEqual(anyfs.sessionOpen('none.img'), -2);
      assert.match(anyfs.sessionError(), /none\.img/);
      assert.throws(() => anyfs.sessionOpen(gpt, 2), { code: 'ERR_OUT_OF_RANGE' });
      assert.strictEqual(anyfs.sessionClose(handle + 1), -9);
      await fails('ENXIO', () => anyfs.sessionEnter(handle, 7), 'slot 7');
      await fails('EINVAL', () => anyfs.readdirJson('/etc'), 'sessionEnter');
      await fails('EBADF', () => anyfs.readdirJson(`/${handle + 1}/p2`));
      await fails('ENOENT', () => anyfs.statJson(`/${handle}/p2/none`), 'none');
      assert.strictEqual(await anyfs.fileOpen(`/${handle}/p2/none`), -2);
      assert.strictEqual(await anyfs.fileOpen(`/${handle}/p2/new2`, 0o102), -30);
      assert.strictEqual((await anyfs.pread(5, 1, 0)).rc, -9);
    });
  },
};

cases(listed);
