// SPDX-License-Identifier: GPL-2.0
//
// The interface of node-lkl.	lkl.js GPT-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const Bluebird = require('bluebird');
const lkl = require('lkl');
const { fails, cases } = require('./lib-image.js');

const [gpt] = process.argv.slice(2);
const EXT4 = { filesystem: 'ext4', partition: 2 };

/** Call a function with a callback; on success its error must be null. */
const called = (object, name, ...args) => new Promise((resolve, reject) => {
  object[name](...args, (error, value) => {
    if (error)
      reject(error);
    else if (error !== null)
      reject(new Error(`${name}: the error of success is ${error}`));
    else
      resolve(value);
  });
});

async function mounted(disk, options, body) {
  const point = await called(lkl, 'mount', disk, options);
  try {
    return await body(point);
  } finally {
    await called(lkl, 'umount', point);
  }
}

/** The image as a disk of the package file-disk: everything is a promise. */
function laterDisk(more = {}) {
  const fd = nodeFs.openSync(gpt, 'r+');
  const later = (body) => new Promise((resolve) => setImmediate(() => resolve(body())));
  return {
    read: (buffer, at, length, offset) => later(() =>
      ({ bytesRead: nodeFs.readSync(fd, buffer, at, length, offset), buffer })),
    write: (buffer, at, length, offset) => later(() =>
      ({ bytesWritten: nodeFs.writeSync(fd, buffer, at, length, offset), buffer })),
    flush: () => later(() => nodeFs.fsyncSync(fd)),
    getCapacity: () => later(() => nodeFs.fstatSync(fd).size),
    ...more,
  };
}

const whole = {
  'nothing works without a kernel': async () => {
    await fails('ENODEV', () => lkl.fs.readdirSync('/'), 'startKernelSync');
    await fails('ENODEV', () => lkl.haltKernelSync());
    await fails('ENODEV', () => lkl.mountSync(gpt, EXT4));
    lkl.startKernelSync(10 * 1024 * 1024);
    await fails('EALREADY', () => lkl.startKernelSync(10 * 1024 * 1024));
  },
  'functions are plain members that promisifyAll finds': async () => {
    for (const name of ['startKernelSync', 'haltKernelSync', 'diskAdd', 'diskRemove', 'mount', 'umount'])
      assert.ok(Object.keys(lkl).includes(name), name);
    const theirs = Object.keys(nodeFs).filter((name) => !(name in lkl.fs) && !/^lchmod|^_/.test(name));
    assert.deepStrictEqual(theirs, []);
    const fs = Bluebird.promisifyAll({ ...lkl.fs });
    assert.ok((await fs.readdirAsync('/')).includes('proc'));
    assert.ok((await fs.statAsync('/')).isDirectory());
  },
  'lkl.fs sees the whole tree': () => mounted(new lkl.disk.FileDisk(gpt), EXT4, async (point) => {
    assert.ok(lkl.fs.readdirSync('/mnt').includes(point.split('/').pop()));
    assert.ok(lkl.fs.readFileSync('/proc/mounts', 'utf8').includes(`${point} ext4`));
    assert.strictEqual(await called(lkl.fs, 'readFile', `${point}/etc/hostname`, 'utf8'), 'example-host\n');
  }),
  'errors are those of node-lkl': () => mounted(new lkl.disk.FileDisk(gpt), EXT4, async (point) => {
    for (const call of [() => lkl.fs.readFileSync(`${point}/none`), () => called(lkl.fs, 'readFile', `${point}/none`),
      () => lkl.fs.promises.readFile(`${point}/none`)]) {
      await fails('ENOENT', call, 'ENOENT, No such file or directory');
      await call;
    }
    assert.throws(() => lkl.fs.readFileSync(`${point}/none`), { errno: 2 });
    assert.throws(() => lkl.fs.statSync(5), { name: 'TypeError', message: 'Path must be a string or a Buffer.' });
    await assert.rejects(called(lkl, 'mount', 99, EXT4), { code: 'ENXIO' });
    await assert.rejects(called(lkl, 'umount', '/nowhere'), { code: 'EINVAL' });
    await assert.rejects(called(lkl, 'diskRemove', 99), { code: 'ENODEV' });
    assert.deepStrictEqual(lkl.fs.readdirSync(`${point}/etc`, 'buffer')[0], Buffer.from('hostname'));
    assert.strictEqual(lkl.fs.readdirSync(`${point}/etc`, 'ucs2').length, lkl.fs.readdirSync(`${point}/etc`).length);
  }),
  'several disks are added and removed': async () => {
    const ids = [];
    for (let i = 0; i < 3; i++)
      ids.push(await called(lkl, 'diskAdd', new lkl.disk.DiskWrapper(laterDisk())));
    assert.strictEqual(new Set(ids).size, 3);
    const point = await called(lkl, 'mount', ids[1], { ...EXT4, readOnly: true });
    await assert.rejects(called(lkl, 'diskRemove', ids[1]), { code: 'EBUSY' });
    await assert.rejects(called(lkl.fs, 'writeFile', `${point}/x`, ''), { code: 'EROFS' });
    assert.throws(() => lkl.fs.readFileSync(`${point}/etc/hostname`), { code: 'ERR_DISK_ASYNC' });
    await called(lkl, 'umount', point);
    for (const id of ids)
      await called(lkl, 'diskRemove', id);
  },
  'a disk that answers twice, throws or fails causes an error only': async () => {
    const file = new lkl.disk.FileDisk(gpt);
    const twice = {
      request: (type, offset, buffers, callback) => {
        file.request(type, offset, buffers, callback);
        callback(null);
        callback(new Error('again'));
      },
      getCapacity: (callback) => file.getCapacity(callback),
    };
    await mounted(twice, EXT4, async (point) =>
      assert.strictEqual(await called(lkl.fs, 'readFile', `${point}/etc/hostname`, 'utf8'), 'example-host\n'));
    for (const request of [() => { throw new Error('thrown'); },
      (type, offset, buffers, callback) => callback(new Error('failed'))]) {
      await fails('EIO', () => called(lkl, 'mount', { ...twice, request }, EXT4).catch((error) => {
        throw error.code === 'ENXIO' ? Object.assign(error, { code: 'EIO' }) : error;
      }));
    }
    await fails(undefined, () => called(lkl, 'mount', { ...twice, getCapacity: (callback) => callback(new Error('no size')) },
                                        EXT4), 'no size');
    await fails(undefined, () => called(lkl, 'diskAdd', {}), 'request');
  },
  'a stream copies a file': () => mounted(new lkl.disk.FileDisk(gpt), EXT4, async (point) => {
    const data = Buffer.alloc(300000, 'stream');
    const { pipeline } = require('node:stream/promises');
    const { Readable } = require('node:stream');
    await pipeline(Readable.from([data]), lkl.fs.createWriteStream(`${point}/stream`));
    assert.ok(lkl.fs.readFileSync(`${point}/stream`).equals(data));
  }),
  'the kernel starts again after it was halted': async () => {
    lkl.haltKernelSync();
    lkl.startKernelSync(10 * 1024 * 1024);
    await mounted(new lkl.disk.FileDisk(gpt), EXT4, async (point) =>
      assert.strictEqual(lkl.fs.statSync(`${point}/stream`).size, 300000));
    lkl.haltKernelSync();
  },
  'withMountedDisk() gives the file system at an offset': async () => {
    const text = await lkl.withMountedDisk(laterDisk(), 17 << 20, async (fs) => {
      await fs.promises.writeFile('/mounted', 'x');
      return fs.promises.readFile('/etc/hostname', 'utf8');
    });
    assert.strictEqual(text, 'example-host\n');
  },
};

cases(whole);
