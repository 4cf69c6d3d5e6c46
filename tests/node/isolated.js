// SPDX-License-Identifier: GPL-2.0
//
// A kernel in a separate process, and the ways in which it ends.	isolated.js EXT4-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [ext4] = process.argv.slice(2);

/** The running kernel processes of this process. */
function children() {
  const ours = new RegExp(`\\(anyfs-node-kern\\) [^ZX] ${process.pid} `);
  return nodeFs.readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && ours.test(nodeFs.readFileSync(`/proc/${name}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }).map(Number);
}

/** Open the image, and call body(fs, disk, pid of the kernel's process). */
async function withKernel(options, body) {
  const before = children();
  const disk = await open(ext4, { isolate: true, ...options });
  const [pid] = children().filter((child) => !before.includes(child));
  assert.ok(pid, 'no process of the kernel');
  try {
    return await body(disk.fs, disk, pid);
  } finally {
    await disk.close().catch(() => {});
    assert.ok(!children().includes(pid), 'the process is still there');
  }
}

const listed = {
  'all kinds of calls work': () => withKernel({ write: true }, async (fs, disk) => {
    assert.ok((await disk.info()).isolated);
    fs.mkdirSync('/a/b', { recursive: true });
    fs.writeFileSync('/a/b/c', Buffer.alloc(40 << 20, 'xyz'));
    assert.ok(fs.readFileSync('/a/b/c').equals(Buffer.alloc(40 << 20, 'xyz')));
    const fd = fs.openSync('/a/b/c');
    const parts = [Buffer.alloc(3), Buffer.alloc(70000), Buffer.alloc(0)];
    assert.strictEqual(fs.readvSync(fd, parts, 1), 70003);
    assert.strictEqual(String(parts[0]), 'yzx');
    const large = Buffer.alloc(20 << 20);
    assert.strictEqual(fs.readSync(fd, large, 0, large.length, 0), 16 << 20);
    fs.closeSync(fd);
    fs.setxattrSync('/a', 'user.x', 'value');
    assert.strictEqual(String(fs.getxattrSync('/a', 'user.x')), 'value');
    fs.symlinkSync('b', '/a/link');
    assert.strictEqual(fs.readlinkSync('/a/link'), 'b');
    assert.strictEqual(fs.realpathSync('/a/link/c'), '/a/b/c');
    assert.strictEqual((await disk.partitions())[0].fstype, 'ext4');
    await Promise.all(Array.from({ length: 100 }, (_, i) => fs.promises.writeFile(`/a/${i}`, `${i}`)));
    assert.strictEqual((await fs.promises.readdir('/a')).length, 102);
    fs.rmSync('/a', { recursive: true });
  }),
  'the process is sandboxed': () => withKernel({}, (fs, disk, pid) => {
    const status = nodeFs.readFileSync(`/proc/${pid}/status`, 'utf8');
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
  }),
  'a call that takes longer than the timeout ends the process': () =>
    withKernel({ timeout: 8000 }, async (fs, disk, pid) => {
      assert.ok(fs.readdirSync('/').length);
      process.kill(pid, 'SIGSTOP');
      await fails('ERR_DISK_TIMEOUT', () => fs.readFileSync('/numbers'), 'timeout of 8000 ms');
      await fails('ERR_DISK_TIMEOUT', () => fs.promises.readdir('/'));
      await disk.close();
    }),
  'the timeout ends asynchronous calls too': () =>
    withKernel({ timeout: 8000, write: true }, async (fs, disk, pid) => {
      process.kill(pid, 'SIGSTOP');
      const calls = Array.from({ length: 5 }, () => fs.promises.readdir('/'));
      await Promise.all(calls.map((call) => fails('ERR_DISK_TIMEOUT', () => call)));
      await fails('ERR_DISK_TIMEOUT', () => disk.close());
    }),
  'a kernel that dies fails its own calls only': () =>
    withKernel({}, async (fs, disk, pid) => {
      const other = await open(ext4, {});
      process.kill(pid, 'SIGKILL');
      await fails('ERR_DISK_DIED', async () => {
        for (;;)
          await fs.promises.readdir('/');
      }, 'signal 9');
      await fails('ERR_DISK_DIED', () => fs.readFileSync('/numbers'), 'open it again');
      assert.ok(other.fs.readdirSync('/').length);
      await other.close();
      await disk.close();
    }),
  'lost data is reported': () =>
    withKernel({ write: true }, async (fs, disk, pid) => {
      fs.writeFileSync('/lost', 'x');
      process.kill(pid, 'SIGKILL');
      await fails('ERR_DISK_DIED', () => disk.close(), 'signal 9');
    }),
  'errors of open() describe the image': async () => {
    await fails('ENOENT', () => open('none.img', { isolate: true }), 'none.img');
    await fails('ERR_INVALID_ARG_VALUE', () => open(ext4, { timeout: 5 }), 'isolate');
    nodeFs.writeFileSync('garbage', Buffer.alloc(1 << 20, 'garbage'));
    const disk = await open('garbage', { isolate: true });
    await fails('EMEDIUMTYPE', () => disk.fs.readdirSync('/'), 'garbage');
    await disk.close();
  },
  'many disks open and close': async () => {
    const descriptors = () => nodeFs.readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let i = 0; i < 10; i++) {
      const disk = await open(ext4, { isolate: true });
      assert.ok(disk.fs.existsSync('/numbers'));
      await disk.close();
    }
    assert.deepStrictEqual(children(), []);
    const gc = require('node:vm').runInNewContext.bind(null, 'gc');
    require('node:v8').setFlagsFromString('--expose-gc');
    for (let i = 0; i < 20 && descriptors() > before + 4; i++) {
      gc()();
      await new Promise(setImmediate);
    }
    assert.ok(descriptors() <= before + 4, `${before} descriptors became ${descriptors()}`);
  },
};

cases(listed);
