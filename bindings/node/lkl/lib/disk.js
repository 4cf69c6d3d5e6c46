// SPDX-License-Identifier: GPL-2.0
//
// disk.js - disks for lkl.diskAdd(): objects with request() and getCapacity()

'use strict';

const fs = require('node:fs');
const constants = require('./constants.js');

const { LKL_DEV_BLK_TYPE_READ, LKL_DEV_BLK_TYPE_WRITE } = constants;

/**
 * An image file.  Requests are served at once, so that the functions of lkl.fs with Sync work.
 */
class FileDisk {
  constructor(path) {
    this.path = path;
    try {
      this.fd = fs.openSync(path, 'r+');
    } catch (error) {
      if (error.code !== 'EACCES' && error.code !== 'EROFS')
        throw error;
      this.fd = fs.openSync(path, 'r');
    }
  }

  serve(type, offset, buffers) {
    const transfer = type === LKL_DEV_BLK_TYPE_READ ? fs.readSync : fs.writeSync;
    for (const buffer of buffers) {
      for (let done = 0; done < buffer.length;) {
        const n = transfer(this.fd, buffer, done, buffer.length - done, offset + done);
        if (n === 0)
          throw Object.assign(new Error(`${this.path}: the file is too short`), { code: 'EIO' });
        done += n;
      }
      offset += buffer.length;
    }
  }

  request(type, offset, buffers, callback) {
    try {
      if (type === LKL_DEV_BLK_TYPE_READ || type === LKL_DEV_BLK_TYPE_WRITE)
        this.serve(type, offset, buffers);
      else
        fs.fsyncSync(this.fd);
    } catch (error) {
      callback(error);
      return;
    }
    callback(null);
  }

  getCapacity(callback) {
    let size;
    try {
      size = fs.fstatSync(this.fd).size;
    } catch (error) {
      callback(error);
      return;
    }
    callback(null, size);
  }

  close() {
    if (this.fd >= 0)
      fs.closeSync(this.fd);
    this.fd = -1;
  }
}

const then = (value, next) => (typeof value?.then === 'function' ? value.then(next) : next(value));

/** Pass the result of body() to a callback: a value, the value of a promise, or an error. */
function settle(body, callback) {
  let value;
  try {
    value = body();
  } catch (error) {
    callback(error);
    return;
  }
  if (typeof value?.then === 'function')
    value.then((result) => callback(null, result), callback);
  else
    callback(null, value);
}

/** Serve all buffers of a request with transfer(buffer, 0, length, offset), one by one. */
function each(buffers, offset, transfer, i = 0) {
  if (i === buffers.length)
    return undefined;
  const buffer = buffers[i];
  return then(transfer(buffer, 0, buffer.length, offset), (result) => {
    const n = typeof result === 'number' ? result : result?.bytesRead ?? result?.bytesWritten;
    if (n !== undefined && n !== buffer.length)
      throw Object.assign(new Error(`the disk transferred ${n} of ${buffer.length} bytes`), { code: 'EIO' });
    return each(buffers, offset + buffer.length, transfer, i + 1);
  });
}

/**
 * A disk with read(buffer, bufferOffset, length, offset), write(), flush() and getCapacity(),
 * which give values or promises, such as those of the package file-disk.
 */
class DiskWrapper {
  constructor(disk) {
    this.disk = disk;
  }

  request(type, offset, buffers, callback) {
    const { disk } = this;
    if (type === LKL_DEV_BLK_TYPE_READ)
      settle(() => each(buffers, offset, (...args) => disk.read(...args)), callback);
    else if (type === LKL_DEV_BLK_TYPE_WRITE)
      settle(() => each(buffers, offset, (...args) => disk.write(...args)), callback);
    else
      settle(() => disk.flush?.(), callback);
  }

  getCapacity(callback) {
    settle(() => this.disk.getCapacity(), callback);
  }
}

module.exports = { FileDisk, DiskWrapper };
