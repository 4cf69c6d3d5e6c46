// SPDX-License-Identifier: GPL-2.0
//
// A partitioned disk, and errors of disks.  Opens locked.qcow2 as well, a copy of EXT4-IMAGE.
//	disk.js GPT-IMAGE EXT4-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { pipeline } = require('node:stream/promises');
const { createHash } = require('node:crypto');
const { promisify } = require('node:util');
const { Worker } = require('node:worker_threads');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [gpt, ext4] = process.argv.slice(2);
const hash = (file) => createHash('sha256').update(nodeFs.readFileSync(file)).digest('hex');

async function withDisk(image, options, body) {
  const disk = await open(image, options);
  try {
    return await body(disk.fs, disk);
  } finally {
    await disk.close();
  }
}

const partitions = {
  'disk.partitions and disk.tree describe a GPT disk': () => withDisk(gpt, {}, async (fs, disk) => {
    const parts = await disk.partitions();
    assert.deepStrictEqual(parts.map((p) => [p.number, p.path, p.fstype, p.name]),
                           [[1, '/p1', 'vfat', 'efi'], [2, '/p2', 'ext4', 'root']]);
    assert.strictEqual(parts[1].label, 'anyfs-test');
    const tree = await disk.tree();
    assert.strictEqual(tree.kind, 'disk');
    assert.deepStrictEqual(tree.children.map((n) => n.path), ['/p1', '/p2']);
    assert.deepStrictEqual(fs.readdirSync('/'), ['p1', 'p2']);
  }),
  'symbolic links stay in their partition': () => withDisk(gpt, {}, async (fs) => {
    assert.strictEqual(fs.readFileSync('/p2/sub/absolute', 'utf8'), 'in ext4\n');
    assert.strictEqual(await fs.promises.readFile('/p2/sub/out', 'utf8'), 'in ext4\n');
    assert.strictEqual(fs.realpathSync('/p2/sub/absolute'), '/p2/file');
    assert.strictEqual(await fs.promises.realpath('//p2/./sub/../sub/.'), '/p2/sub');
  }),
  'unusual spellings of a partition lead to it': () => withDisk(gpt, {}, async (fs) => {
    for (const spelling of ['/p2/file', '//p2//file', '/./p2/file', '/../p2/./file', 'p2/file'])
      assert.strictEqual(fs.readFileSync(spelling, 'utf8'), 'in ext4\n', spelling);
    await fails('ENOENT', () => fs.readFileSync('/p3/file'));
    await fails('ENOENT', () => fs.readFileSync('/p22/file'));
    await fails('ENOENT', () => fs.readFileSync('/file'));
  }),
  'the list of partitions cannot be changed': () => withDisk(gpt, { write: true }, async (fs) => {
    await fails('EROFS', () => fs.chmodSync('/', 0o700));
    await fails('EROFS', () => fs.mkdirSync('/'));
    await fails('ENOENT', () => fs.mkdirSync('/new'));
    await fails('ENOENT', () => fs.writeFileSync('/new', ''));
  }),
  'rename across partitions fails, copying works': () => withDisk(gpt, { write: true }, async (fs) => {
    await fails('EXDEV', () => fs.renameSync('/p2/file', '/p1/file'), "rename '/p2/file' -> '/p1/file'");
    await fails('EXDEV', () => fs.promises.link('/p2/file', '/p1/file'));
    fs.cpSync('/p2/file', '/p1/file');
    assert.strictEqual(fs.readFileSync('/p1/file', 'utf8'), 'in ext4\n');
  }),
  'a read-only disk does not change': async () => {
    const before = hash(gpt);
    await withDisk(gpt, {}, async (fs) => {
      await fails('EROFS', () => fs.writeFileSync('/p2/file', 'x'));
      await fails('EROFS', () => fs.promises.mkdir('/p2/new'));
      fs.readFileSync('/p2/file');
    });
    assert.strictEqual(hash(gpt), before);
  },
  'an overlay takes the changes': async () => {
    const before = hash(ext4);
    await withDisk(ext4, { write: true, overlay: 'changes' }, (fs) => fs.writeFileSync('/over', 'lay'));
    await withDisk(ext4, { overlay: 'changes' }, (fs) =>
      assert.strictEqual(fs.readFileSync('/over', 'utf8'), 'lay'));
    assert.strictEqual(hash(ext4), before);
  },
};

const extras = {
  'streams copy a large file': () => withDisk(ext4, { write: true }, async (fs) => {
    const data = Buffer.alloc(3 << 20, 'stream');
    nodeFs.writeFileSync('big', data);
    await pipeline(nodeFs.createReadStream('big'), fs.createWriteStream('/big'));
    const parts = [];
    for await (const part of fs.createReadStream('/big', { highWaterMark: 10007, start: 5, end: 2000000 }))
      parts.push(part);
    assert.ok(Buffer.concat(parts).equals(data.subarray(5, 2000001)));
    await fails('ENOENT', () => pipeline(fs.createReadStream('/none'), fs.createWriteStream('/x')));
  }),
  'a FileHandle has streams and lines': () => withDisk(ext4, { write: true }, async (fs) => {
    await fs.promises.writeFile('/lines', 'one\ntwo\nthree');
    const handle = await fs.promises.open('/lines');
    const lines = [];
    for await (const line of handle.readLines())
      lines.push(line);
    assert.deepStrictEqual(lines, ['one', 'two', 'three']);
    assert.strictEqual(handle.fd, -1);
    const second = await fs.promises.open('/lines', 'r+');
    await pipeline(async function*() { yield 'ONE'; }, second.createWriteStream());
    assert.strictEqual(fs.readFileSync('/lines', 'utf8'), 'ONE\ntwo\nthree');
  }),
  'access control lists': () => withDisk(ext4, { write: true }, async (fs) => {
    fs.mkdirSync('/acl', { mode: 0o750 });
    const ofMode = [{ tag: 'user', perms: 7 }, { tag: 'group', perms: 5 }, { tag: 'other', perms: 0 }];
    assert.deepStrictEqual(await fs.promises.getacl('/acl'), ofMode);
    assert.deepStrictEqual(fs.getaclSync('/acl', { default: true }), []);
    const entries = [{ tag: 'group', id: 50, perms: 6 }, ...ofMode, { tag: 'user', id: 1000, perms: 2 }];
    fs.setaclSync('/acl', entries);
    const sorted = [ofMode[0], entries[4], ofMode[1], entries[0], { tag: 'mask', perms: 7 }, ofMode[2]];
    assert.deepStrictEqual(await promisify(fs.getacl)('/acl'), sorted);
    assert.strictEqual(fs.statSync('/acl').mode & 0o777, 0o770);
    await fs.promises.setacl('/acl', entries, { default: true });
    fs.writeFileSync('/acl/new', '', { mode: 0o600 });
    assert.deepStrictEqual(fs.getaclSync('/acl/new').map(({ perms }) => perms), [6, 2, 5, 6, 0, 0]);
    fs.setaclSync('/acl', [], { default: true });
    fs.setaclSync('/acl', [], { default: true });
    assert.deepStrictEqual(fs.getaclSync('/acl', { default: true }), []);
    fs.setaclSync('/acl', ofMode);
    assert.deepStrictEqual(fs.listxattrSync('/acl'), []);
    await fails('EINVAL', () => fs.setaclSync('/acl', [ofMode[0]]));
    await fails('EACCES', () => fs.setaclSync('/acl/new', ofMode, { default: true }));
    await fails('ENOENT', () => fs.getaclSync('/none'));
    await fails('ERR_INVALID_ARG_TYPE', () => fs.setaclSync('/acl', 'u::rwx'));
    for (const wrong of [{ tag: 'user', perms: 8 }, { tag: 'other', id: 1, perms: 1 }, { tag: 'all', perms: 1 }, null])
      await assert.rejects(async () => fs.setaclSync('/acl', [wrong]), /^(Type|Range)Error/);
  }),
  'extended attributes and device nodes': () => withDisk(ext4, { write: true }, async (fs) => {
    fs.writeFileSync('/attr', '');
    fs.setxattrSync('/attr', 'user.one', 'first');
    await fs.promises.setxattr('/attr', 'user.two', Buffer.from([0, 255]));
    assert.deepStrictEqual(fs.listxattrSync('/attr').sort(), ['user.one', 'user.two']);
    assert.deepStrictEqual(await fs.promises.getxattr('/attr', 'user.two'), Buffer.from([0, 255]));
    assert.strictEqual(String(await promisify(fs.getxattr)('/attr', 'user.one')), 'first');
    await fails('EEXIST', () => fs.setxattrSync('/attr', 'user.one', 'x', { create: true }));
    fs.removexattrSync('/attr', 'user.one');
    await fails('ENODATA', () => fs.getxattrSync('/attr', 'user.one'));
    fs.symlinkSync('attr', '/attr-link');
    assert.deepStrictEqual(fs.llistxattrSync('/attr-link'), []);
    fs.mknodSync('/device', fs.constants.S_IFBLK | 0o640, 259, 70000);
    const stat = fs.statSync('/device');
    assert.ok(stat.isBlockDevice());
    assert.strictEqual(stat.rdev, (259 << 8) | (70000 & 0xff) | ((70000 & ~0xff) << 12));
    fs.syncSync();
  }),
  'times are kept with fractions': () => withDisk(ext4, { write: true }, async (fs) => {
    fs.writeFileSync('/times', '');
    fs.utimesSync('/times', 1500000000.5, new Date(1234567890123));
    const stat = fs.statSync('/times');
    assert.strictEqual(stat.atimeMs, 1500000000500);
    assert.ok(Math.abs(stat.mtimeMs - 1234567890123) < 1);
    assert.strictEqual(fs.statSync('/times', { bigint: true }).atimeNs, 1500000000500000000n);
    fs.utimesSync('/times', -1.5, -10);
    assert.strictEqual(fs.statSync('/times').atimeMs, -1500);
  }),
  'many calls at once are all answered': () => withDisk(ext4, { write: true }, async (fs) => {
    const names = Array.from({ length: 300 }, (_, i) => `/many/${i}`);
    fs.mkdirSync('/many');
    await Promise.all(names.map((name) => fs.promises.writeFile(name, name.repeat(100))));
    const texts = await Promise.all(names.map((name) => fs.promises.readFile(name, 'utf8')));
    texts.forEach((text, i) => assert.strictEqual(text, names[i].repeat(100)));
    assert.strictEqual(fs.readdirSync('/many').length, 300);
    await fs.promises.rm('/many', { recursive: true });
  }),
  'names and contents that are not UTF-8': () => withDisk(ext4, { write: true }, async (fs) => {
    const name = Buffer.from([0x2f, 0x6e, 0xff, 0xfe]);
    fs.writeFileSync(name, 'bytes');
    assert.ok(fs.readdirSync('/', 'buffer').some((entry) => entry.equals(name.subarray(1))));
    assert.strictEqual(fs.readFileSync(name, 'utf8'), 'bytes');
    fs.mkdirSync('/dir');
    fs.renameSync(name, Buffer.concat([Buffer.from('/dir'), name]));
    fs.rmSync('/dir', { recursive: true });
    assert.ok(!fs.existsSync('/dir'));
  }),
};

const misuse = {
  'a closed disk gives an error': async () => {
    const disk = await open(ext4);
    const fd = disk.fs.openSync('/');
    const dir = disk.fs.opendirSync('/');
    const handle = await disk.fs.promises.open('/');
    await disk.close();
    await disk.close();
    assert.ok(disk.closed);
    await fails('ERR_DISK_CLOSED', () => disk.fs.readFileSync('/x'), 'open it again');
    await fails('ERR_DISK_CLOSED', () => disk.fs.promises.readFile('/x'));
    await fails('ERR_DISK_CLOSED', () => disk.fs.readFile('/x', () => {}));
    await fails('ERR_DISK_CLOSED', () => disk.fs.closeSync(fd));
    await fails('ERR_DISK_CLOSED', () => dir.read());
    await fails('ERR_DISK_CLOSED', () => handle.stat());
    await fails('ERR_DISK_CLOSED', () => disk.tree());
  },
  'calls under way when the disk closes are answered': async () => {
    const disk = await open(ext4);
    const calls = Array.from({ length: 50 }, () => disk.fs.promises.readdir('/'));
    const closed = disk.close();
    const results = await Promise.allSettled(calls);
    await closed;
    for (const { status, reason } of results)
      assert.ok(status === 'fulfilled' || reason.code === 'ERR_DISK_CLOSED', reason?.stack);
  },
  'descriptors of other disks are refused': () => withDisk(ext4, {}, (fs) =>
    withDisk(gpt, {}, async (other) => {
      const fd = fs.openSync('/');
      await fails('EBADF', () => other.fstatSync(fd));
      await fails('EBADF', () => other.closeSync(fd));
      await fails('EBADF', () => fs.fstatSync(0));
      await fails('EBADF', () => nodeFs.fstatSync(fd));
      fs.closeSync(fd);
      await fails('EBADF', () => fs.closeSync(fd));
    })),
  'open() reports why it cannot open an image': async () => {
    nodeFs.writeFileSync('garbage', Buffer.alloc(1 << 20, 'garbage'));
    await fails('ENOENT', () => open('none.img'), 'none.img');
    await fails('ERR_INVALID_ARG_TYPE', () => open(5));
    await fails('ERR_INVALID_ARG_TYPE', () => open(ext4, 'write'));
    await fails('ERR_INVALID_ARG_VALUE', () => open('a\0b'));
    await fails('ERR_INVALID_ARG_VALUE', () => open(ext4, { wrte: true }), 'wrte');
    await fails('ERR_INVALID_ARG_TYPE', () => open(ext4, { write: 'yes' }));
    await fails('ERR_INVALID_ARG_TYPE', () => open(ext4, { keys: 5 }));
    await withDisk('garbage', {}, (fs) => fails('EMEDIUMTYPE', () => fs.readdirSync('/'), 'garbage'));
    await withDisk(ext4, { write: true }, () => fails('EBUSY', () => open(ext4, { write: true })));
  },
  'a password opens an encrypted qcow2 image': async () => {
    for (const isolate of [false, true]) {
      await fails('ENOKEY', () => open('locked.qcow2', { isolate }), 'locked.qcow2');
      await fails('EKEYREJECTED', () => open('locked.qcow2', { isolate, password: 'wrong' }));
      await withDisk('locked.qcow2', { isolate, password: 'right words' }, (fs) =>
        assert.ok(fs.readdirSync('/').includes('sub')));
    }
  },
  'disks without references are freed, and so are disks that cannot be opened': async () => {
    v8.setFlagsFromString('--expose-gc');
    const gc = vm.runInNewContext('gc');
    for (let i = 0; i < 30; i++) {
      await fails('ENOENT', () => open('none.img'));
      gc();
      await new Promise(setImmediate);
    }
  },
  'an exception in a callback is an uncaught exception': () => withDisk(ext4, {}, async (fs) => {
    const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
    fs.stat('/', () => { throw new Error('mine'); });
    assert.strictEqual((await caught).message, 'mine');
    assert.ok((await fs.promises.stat('/')).isDirectory());
  }),
  '10,000 opens and closes leave nothing behind': () => withDisk(ext4, {}, async (fs) => {
    const first = fs.openSync('/file');
    fs.closeSync(first);
    const round = async () => {
      for (let i = 0; i < 2500; i++) {
        fs.closeSync(fs.openSync('/file'));
        await (await fs.promises.open('/file')).close();
      }
    };
    await round();
    const before = process.memoryUsage().rss;
    await round();
    assert.strictEqual(fs.openSync('/file'), first, 'descriptors are left open');
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 64 << 20, `the process has grown by ${grown} bytes`);
  }),
  'worker threads open disks of their own': async () => {
    const script = `
      const { open } = require('@anyfs/native');
      const { parentPort, workerData } = require('node:worker_threads');
      open(workerData).then(async (disk) => {
        const names = await disk.fs.promises.readdir('/');
        parentPort.postMessage(names.length);
        if (names.length % 2) await disk.close();	// the others end with an open disk
      });`;
    const counts = await Promise.all(Array.from({ length: 8 }, () => new Promise((resolve, reject) => {
      const worker = new Worker(script, { eval: true, workerData: path.resolve(ext4) });
      worker.once('message', (count) => worker.terminate().then(() => resolve(count)));
      worker.once('error', reject);
    })));
    assert.ok(counts.every((count) => count === counts[0] && count > 0));
  },
};

cases({ ...partitions, ...extras, ...misuse });
