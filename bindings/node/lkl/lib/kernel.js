// SPDX-License-Identifier: GPL-2.0
//
// kernel.js - the one kernel, its disks and mounts

'use strict';

const { internal } = require('@anyfs/native');
const constants = require('./constants.js');
const { FileDisk } = require('./disk.js');
const { convert, lklError } = require('./errors.js');

const { native, Core, remember, forget } = internal;
const { LKL_DEV_BLK_TYPE_READ, LKL_DEV_BLK_TYPE_WRITE, LKL_DEV_BLK_TYPE_FLUSH } = constants;
const MIB = 2 ** 20;
const MIN_MEMORY = 32;
const MS_RDONLY = 1;

let core = null;
let lastNumber = 0;
const disks = new Map();	// id -> { number }
const mounts = new Map();	// mount point -> { id, partition, owned }

function current() {
  if (!core)
    throw lklError('ENODEV', 'the kernel does not run: call startKernelSync()');
  return core;
}

function startKernelSync(bytes) {
  if (core)
    throw lklError('EALREADY', 'the kernel runs already');
  if (bytes !== undefined && !(bytes > 0))
    throw new TypeError('startKernelSync: the size of the memory must be a positive number of bytes');
  const memory = Math.max(MIN_MEMORY, Math.ceil((bytes ?? 0) / MIB));
  const started = new Core({ memory, umask: 0o22, kernelOnly: true, writes: true, answerTimeout: 60000 });
  started.openSync();
  remember(started);
  core = started;
}

/**
 * The caller must first remove disks that answer asynchronously, because a synchronous halt cannot
 * wait for their answers.
 */
function haltKernelSync() {
  const halted = current();
  halted.closeSync();
  forget(halted);
  core = null;
  disks.clear();
  mounts.clear();
}

/** The result of a function with a callback: a value if it calls back at once, or a promise. */
function call(body) {
  let done = false;
  let outcome;
  let settle = (result) => { outcome = result; };
  body((error, value) => {
    if (done)
      return;	// a second answer
    done = true;
    settle({ error, value });
  });
  if (!done)
    return new Promise((resolve, reject) => {
      settle = ({ error, value }) => (error ? reject(error) : resolve(value));
    });
  if (outcome.error)
    throw outcome.error;
  return outcome.value;
}

/** A disk with request() as the disk of @anyfs/native. */
function adapt(disk) {
  return {
    read: (buffer, offset) => call((callback) =>
      disk.request(LKL_DEV_BLK_TYPE_READ, offset, [buffer], (error) => callback(error))),
    write: (buffer, offset) => call((callback) =>
      disk.request(LKL_DEV_BLK_TYPE_WRITE, offset, [buffer], (error) => callback(error))),
    flush: () => call((callback) =>
      disk.request(LKL_DEV_BLK_TYPE_FLUSH, 0, [], (error) => callback(error))),
  };
}

function request(kind, ...args) {
  return Object.assign([0, 0, ...args], { kind });
}

// Each operation is a generator like those of @anyfs/native; it may also yield promises.

function* ok(result) {
  const [errno, reason] = [yield result].flat();
  if (errno < 0)
    throw convert(internal.systemError(reason ? [errno, reason] : errno, 'lkl'));
  return errno;
}

function* add(disk) {
  if (typeof disk?.request !== 'function' || typeof disk.getCapacity !== 'function')
    throw new TypeError('a disk needs the functions request and getCapacity');
  let size = call((callback) => disk.getCapacity(callback));
  if (typeof size?.then === 'function')
    size = yield size;
  if (!(size >= 512))
    throw lklError('EINVAL', `a disk of ${size} bytes is too small`);
  const number = ++lastNumber;
  current().answers.disks.set(number, adapt(disk));
  try {
    const id = yield* ok(request(native.JOB_DISK_ADD, number, Number(size)));
    disks.set(id, { number });
    return id;
  } catch (error) {
    current().answers.disks.delete(number);
    throw error;
  }
}

function* remove(id) {
  yield* ok(request(native.JOB_DISK_REMOVE, id));
  current().answers.disks.delete(disks.get(id)?.number);
  disks.delete(id);
}

function* mountDisk(disk, options) {
  const { filesystem = options?.fsType, readOnly = false, partition = 0 } = options ?? {};
  if (typeof filesystem !== 'string')
    throw new TypeError('mount: options.filesystem must be a string, such as "ext4"');
  if (typeof disk === 'string')
    disk = new FileDisk(disk);
  const owned = typeof disk !== 'number';
  const id = owned ? yield* add(disk) : disk;
  const buffer = Buffer.alloc(64);
  try {
    yield* ok(request(native.JOB_MOUNT, id, partition, filesystem, readOnly ? MS_RDONLY : 0, null, buffer));
  } catch (error) {
    if (owned)
      yield* remove(id);
    throw error;
  }
  const point = buffer.toString('utf8', 0, buffer.indexOf(0));
  mounts.set(point, { id, partition, owned });
  return point;
}

function* umountPoint(point) {
  const found = mounts.get(point);
  if (!found)
    throw lklError('EINVAL', `${point} is not a mount point of mount()`);
  yield* ok(request(native.JOB_UMOUNT, found.id, found.partition));
  mounts.delete(point);
  if (found.owned)
    yield* remove(found.id);
}

/** Make the functions name(..., callback) and nameSync(...) of an operation. */
function faces(name, operation) {
  return {
    [name]: (...args) => {
      const callback = args.pop();
      if (typeof callback !== 'function')
        throw new TypeError(`${name}: the last argument must be a function`);
      internal.runCallback(current(), operation(...args),
                           (error, value) => callback(error ? convert(error) : null, value));
    },
    [`${name}Sync`]: (...args) => internal.runSync(current(), operation(...args)),
  };
}

module.exports = {
  current,
  api: {
    startKernelSync,
    haltKernelSync,
    ...faces('diskAdd', add),
    ...faces('diskRemove', remove),
    ...faces('mount', mountDisk),
    ...faces('umount', umountPoint),
  },
};
