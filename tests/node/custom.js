// SPDX-License-Identifier: GPL-2.0
//
// Disks that JavaScript serves, and keys that a callback returns.	custom.js EXT4-IMAGE
// QCOW2-IMAGE LUKS-IMAGE

'use strict';

const assert = require('node:assert');
const nodeFs = require('node:fs');
const { open } = require('@anyfs/native');
const { fails, cases } = require('./lib-image.js');

const [ext4, qcow2, luks] = process.argv.slice(2);
const numbers = Array.from({ length: 100000 }, (_, i) => `${i + 1}\n`).join('');

/** A disk in JavaScript on top of a file; `wrap` may change its functions. */
function fileDisk(file, wrap = (body) => body(), more = {}) {
  const fd = nodeFs.openSync(file, 'r+');
  return {
    name: file,
    size: nodeFs.fstatSync(fd).size,
    read: (buffer, offset) => wrap(() => {
      nodeFs.readSync(fd, buffer, 0, buffer.length, offset);
    }, 'read', offset),
    write: (buffer, offset) => wrap(() => nodeFs.writeSync(fd, buffer, 0, buffer.length, offset),
                                    'write', offset),
    flush: () => wrap(() => nodeFs.fsyncSync(fd), 'flush'),
    close: () => nodeFs.closeSync(fd),
    ...more,
  };
}

const later = (body) => new Promise((resolve, reject) => {
  setImmediate(() => {
    try {
      resolve(body());
    } catch (error) {
      reject(error);
    }
  });
});

async function withDisk(image, options, body) {
  const disk = await open(image, options);
  try {
    return await body(disk.fs, disk);
  } finally {
    await disk.close();
  }
}

function bothProcesses(isolate) {
  const where = isolate ? 'isolated' : 'in this process';
  return {
    [`a disk whose functions return values is read and written, ${where}`]: () =>
      withDisk(fileDisk(ext4), { write: true, isolate }, async (fs) => {
        assert.strictEqual(fs.readFileSync('/numbers', 'utf8'), numbers);
        fs.writeFileSync(`/sync-${isolate}`, 'written');
        assert.strictEqual(await fs.promises.readFile(`/sync-${isolate}`, 'utf8'), 'written');
      }),
    [`a disk whose functions return promises is read and written, ${where}`]: async () => {
      await withDisk(fileDisk(ext4, later), { write: true, isolate }, async (fs) => {
        assert.strictEqual(await fs.promises.readFile('/numbers', 'utf8'), numbers);
        await fs.promises.writeFile(`/async-${isolate}`, 'written');
        await fails('ERR_DISK_ASYNC', () => fs.readFileSync('/numbers'), 'use disk.fs.promises');
      });
      await withDisk(ext4, {}, (fs) =>
        assert.strictEqual(fs.readFileSync(`/async-${isolate}`, 'utf8'), 'written'));
    },
    [`a disk may hold an image in another format, ${where}`]: () =>
      withDisk(fileDisk(qcow2), { isolate }, async (fs, disk) => {
        assert.strictEqual((await disk.info()).format, 'qcow2');
        assert.strictEqual(fs.readFileSync('/numbers', 'utf8'), numbers);
      }),
    [`a disk that throws or rejects gives EIO with its reason, ${where}`]: async () => {
      for (const wrap of [(body) => body(), later]) {
        let broken = false;
        const disk = fileDisk(ext4, (body) => wrap(() => {
          if (broken)
            throw new Error('the cable is out');
          return body();
        }));
        await withDisk(disk, { isolate }, async (fs) => {
          await fs.promises.readdir('/');
          broken = true;
          await fails('EIO', () => fs.promises.readFile('/numbers'), 'the cable is out');
          broken = false;
          assert.strictEqual(await fs.promises.readFile('/numbers', 'utf8'), numbers);
        });
      }
    },
    [`a disk that never answers ends with an error, ${where}`]: async () => {
      let silent = false;
      const disk = fileDisk(ext4, (body) => (silent ? new Promise(() => {}) : body()));
      await withDisk(disk, { isolate, answerTimeout: 200 }, async (fs) => {
        await fs.promises.readdir('/');
        silent = true;
        await fails(undefined, () => fs.promises.readFile('/numbers').catch((error) => {
          assert.ok(['EIO', 'ETIMEDOUT'].includes(error.code), error.stack);
          throw new Error('as it should');
        }));
        silent = false;
        assert.strictEqual(await fs.promises.readFile('/numbers', 'utf8'), numbers);
      });
    },
    [`keys come from a function, ${where}`]: async () => {
      const asked = [];
      const keys = (volume, attempt) => {
        asked.push([volume.fstype, attempt]);
        return ['wrong', 'right words'][attempt];
      };
      await withDisk(luks, { keys, isolate }, (fs) =>
        assert.strictEqual(fs.readFileSync('/numbers', 'utf8'), numbers));
      assert.deepStrictEqual(asked, [['crypto_LUKS', 0], ['crypto_LUKS', 1]]);
      await withDisk(luks, { keys: async () => Buffer.from('right words'), isolate }, async (fs) => {
        assert.strictEqual(await fs.promises.readFile('/numbers', 'utf8'), numbers);
        assert.strictEqual(fs.readFileSync('/numbers', 'utf8'), numbers);
      });
      for (const none of [() => null, async () => undefined])
        await withDisk(luks, { keys: none, isolate }, (fs) =>
          fails('ENOKEY', () => fs.promises.readdir('/')));
      await withDisk(luks, { keys: () => { throw new Error('no terminal'); }, isolate }, (fs) =>
        fails('EIO', () => fs.promises.readdir('/'), 'no terminal'));
    },
  };
}

const others = {
  'read() may return its own bytes': () => {
    const bytes = nodeFs.readFileSync(ext4);
    const disk = { size: async () => bytes.length,
                   read: (buffer, offset) => bytes.subarray(offset, offset + buffer.length) };
    return withDisk(disk, {}, (fs) =>
      assert.strictEqual(fs.readFileSync('/numbers', 'utf8'), numbers));
  },
  'wrong results are errors': async () => {
    for (const [result, text] of [[3, 'returned 3'], [new Uint8Array(5), 'returned 5'],
      ['text', 'returned text']]) {
      await fails('EIO', () => withDisk({ size: 1 << 20, read: () => result }, {}, (fs) =>
        fs.promises.readdir('/')), text);
    }
  },
  'an overlay keeps the changes': async () => {
    const disk = () => fileDisk(ext4, undefined, { write: () => assert.fail('written') });
    await withDisk(disk(), { write: true, overlay: 'changes' }, (fs) => fs.writeFileSync('/o', 'x'));
    await withDisk(disk(), { overlay: 'changes' }, (fs) =>
      assert.strictEqual(fs.readFileSync('/o', 'utf8'), 'x'));
  },
  'a read-only disk is never written': () =>
    withDisk(fileDisk(ext4, undefined, { write: () => assert.fail('written') }), {}, (fs) =>
      fails('EROFS', () => fs.writeFileSync('/x', ''))),
  'invalid disks are refused': async () => {
    const read = () => {};
    await fails('ERR_INVALID_ARG_TYPE', () => open({ size: 1 << 20 }));
    await fails('ERR_INVALID_ARG_TYPE', () => open({ read }), 'size');
    await fails('ERR_INVALID_ARG_TYPE', () => open({ read, size: 'big' }), 'size');
    await fails('ERR_OUT_OF_RANGE', () => open({ read, size: 100 }), 'size');
    await fails('ERR_OUT_OF_RANGE', () => open({ read, size: 1e300 }), 'size');
    await fails('ERR_INVALID_ARG_TYPE', () => open({ read, size: 1 << 20 }, { write: true }), 'write');
    await fails('ERR_INVALID_ARG_TYPE', () => open({ read, size: 1 << 20, flush: 5 }), 'flush');
    await fails('EINVAL', () => open({ read, size: 1 << 20 }, { offset: 512 }), 'serves this disk');
    await fails('no size', () => open({ read, size: () => {
      throw Object.assign(new Error('x'), { code: 'no size' });
    } }));
  },
  'a disk that is open at the end of the process is closed': async () => {
    const { execFileSync } = require('node:child_process');
    execFileSync(process.execPath, ['-e', `
      const nodeFs = require('node:fs');
      const fd = nodeFs.openSync('${ext4}', 'r+');
      require('@anyfs/native').open({
        size: nodeFs.fstatSync(fd).size,
        read: (b, o) => { nodeFs.readSync(fd, b, 0, b.length, o); },
        write: (b, o) => { nodeFs.writeSync(fd, b, 0, b.length, o); },
      }, { write: true }).then((disk) => disk.fs.writeFileSync('/at-exit', 'kept'));`],
                 { stdio: 'inherit' });
    await withDisk(ext4, {}, (fs) => assert.strictEqual(fs.readFileSync('/at-exit', 'utf8'), 'kept'));
  },
};

cases({ ...bothProcesses(false), ...bothProcesses(true), ...others });
