// SPDX-License-Identifier: GPL-2.0
//
// answers.js - answer the questions of the kernel: bytes of disks in JavaScript, and keys
//
// A disk is an object with read(buffer, offset), write(buffer, offset), flush() and size.
// Each result of its functions, a value, an exception or a promise, becomes one answer.

'use strict';

const os = require('node:os');
const { types } = require('node:util');
const native = require('./native.js');
const { argType, outOfRange } = require('./errors.js');

const EIO = -5;
const ENOKEY = -126;
const ETIMEDOUT = -110;

const isPromise = (value) => typeof value?.then === 'function';

/** Get the bytes from `value`, the result of read(). */
function readResult(value, buffer) {
  if (value === undefined || value === buffer.length)
    return buffer;
  if (types.isUint8Array(value) && value.length === buffer.length)
    return value;
  const got = types.isUint8Array(value) ? value.length : value;
  throw new TypeError(`read() returned ${got} for ${buffer.length} bytes`);
}

function writeResult(value, buffer) {
  if (value !== undefined && value !== buffer.length)
    throw new TypeError(`write() returned ${value} for ${buffer.length} bytes`);
  return null;
}

function keyResult(value) {
  if (value === undefined || value === null) {
    const error = new Error('there is no key');
    error.errno = ENOKEY;
    throw error;
  }
  if (typeof value !== 'string' && !types.isUint8Array(value))
    throw new TypeError('the function for keys must return a string, a Buffer or null');
  return Buffer.from(value);
}

/** Return the negative errno for the kernel. */
function errnoOf(error) {
  if (error?.errno === ENOKEY)
    return ENOKEY;
  const number = os.constants.errno[error?.code];
  return number ? -number : EIO;
}

class Answers {
  constructor(core, { custom, keys, kernelOnly }) {
    this.core = core;
    this.disks = new Map(custom ? [[0, custom]] : []);
    this.keys = typeof keys === 'function' ? keys : null;
    this.areNeeded = this.disks.size > 0 || this.keys !== null || kernelOnly === true;
    this.promising = new Set();	// the disks that have answered with a promise
    this.lastError = null;
  }

  /** Whether one of the disks in use has answered with a promise. */
  get usePromises() {
    for (const disk of this.promising)
      if (this.disks.has(disk))
        return true;
    return false;
  }

  /**
   * Call the function that answers a question.  Returns its result, and the function that handles
   * this result.
   */
  call([, kind, disk, offset, length, attempt, content]) {
    const object = this.disks.get(disk);
    switch (kind) {
    case native.ASK_KEY:
      return [this.keys(JSON.parse(content), attempt), keyResult];
    case native.ASK_READ: {
      const buffer = Buffer.alloc(length);
      return [object.read(buffer, offset), (value) => readResult(value, buffer)];
    }
    case native.ASK_WRITE:
      return [object.write(content, offset), (value) => writeResult(value, content)];
    default:
      return [object.flush?.(), () => null];
    }
  }

  /** Returns true if the answer comes later. */
  ask(question) {
    const [id, kind] = question;
    const answer = (errno, bytes) => native.answer(this.core.handle, id, errno, bytes);
    const fail = (error) => {
      this.lastError = error;
      answer(errnoOf(error), null);
    };
    const succeed = (value, check) => {
      try {
        answer(0, check(value));
      } catch (error) {
        fail(error);
      }
    };
    try {
      const [value, check] = this.call(question);
      if (!isPromise(value)) {
        succeed(value, check);
        return false;
      }
      if (kind !== native.ASK_KEY)
        this.promising.add(question[2]);
      value.then((later) => succeed(later, check), fail);
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  /** If a result is EIO because the disk in JavaScript failed, add the error of the disk. */
  explain(result) {
    const [errno, reason] = [result].flat();
    if (!this.areNeeded || (errno !== EIO && errno !== ETIMEDOUT && errno !== -117))
      return result;
    const { lastError } = this;
    if (!lastError)
      return result;
    const text = `the disk in JavaScript failed: ${lastError?.message ?? lastError}`;
    return [errno, reason ? `${reason} (${text})` : text];
  }

  close() {
    for (const disk of this.disks.values())
      disk.close?.();
    this.disks.clear();
  }
}

/** Check a disk in JavaScript; returns its size in bytes, perhaps as a promise. */
function sizeOf(disk, write, name = 'image') {
  if (typeof disk.read !== 'function')
    throw argType(`${name}.read`, 'of type function', disk.read);
  if (write && typeof disk.write !== 'function')
    throw argType(`${name}.write`, 'of type function', disk.write);
  for (const method of ['flush', 'close']) {
    if (disk[method] !== undefined && typeof disk[method] !== 'function')
      throw argType(`${name}.${method}`, 'of type function', disk[method]);
  }
  const checked = (value) => {
    if (typeof value !== 'number' && typeof value !== 'bigint')
      throw argType(`${name}.size`, 'of type number or bigint', value);
    const size = Number(value);
    if (!Number.isSafeInteger(size) || size < 512)
      throw outOfRange(`${name}.size`, 'an integer >= 512', value);
    return size;
  };
  const size = typeof disk.size === 'function' ? disk.size() : disk.size;
  return isPromise(size) ? size.then(checked) : checked(size);
}

/** Whether `image` is a disk in JavaScript, not a path. */
const isDisk = (image) => image !== null && typeof image === 'object' &&
  !(image instanceof URL) && !types.isUint8Array(image) && typeof image.read === 'function';

module.exports = { Answers, sizeOf, isDisk, isPromise };
