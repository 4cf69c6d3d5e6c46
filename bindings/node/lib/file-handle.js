// SPDX-License-Identifier: GPL-2.0
//
// file-handle.js - an open file, like the FileHandle of node:fs/promises

'use strict';

const { AsyncResource } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const readline = require('node:readline');
const { runPromise } = require('./core.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const files = require('./files.js');
const { systemError, nodeError } = require('./errors.js');

const forgotten = new FinalizationRegistry(({ core, fd }) => {
  if (core.state !== 'open')
    return;
  process.emitWarning(`Closing file descriptor ${fd} on garbage collection`);
  runPromise(core, calls.close(core, fd)).catch(() => {});
});

class FileHandle extends EventEmitter {
  #core;
  #fs;
  #fd;
  #closing = null;
  #locked = false;
  #asyncResource = new AsyncResource('FILEHANDLE');

  constructor(core, fs, fd) {
    super();
    this.#core = core;
    this.#fs = fs;
    this.#fd = fd;
    forgotten.register(this, { core, fd }, this);
  }

  get fd() {
    return this.#fd;
  }

  async #run(operation, syscall, ...args) {
    if (this.#fd < 0) {
      const error = systemError(-9, syscall);
      error.message = 'file closed';
      delete error.errno;
      throw error;
    }
    return runPromise(this.#core, operation(this.#core, this.#fd, ...args));
  }

  close() {
    if (this.#closing)
      return this.#closing;
    if (this.#fd < 0)
      return Promise.resolve();
    const fd = this.#fd;
    this.#fd = -1;
    forgotten.unregister(this);
    this.#closing = runPromise(this.#core, calls.close(this.#core, fd)).finally(() => {
      this.#closing = null;
    });
    this.emit('close');
    return this.#closing;
  }

  async read(...args) {
    if (args[0] !== undefined && !ArrayBuffer.isView(args[0]))
      check.object(args[0]);
    return { __proto__: null, ...await this.#run(calls.read, 'read', ...args) };
  }

  async write(buffer, ...rest) {
    return { __proto__: null, ...await this.#run(calls.write, 'write', buffer, ...rest) };
  }

  async readv(buffers, position) {
    return { __proto__: null, ...await this.#run(calls.readv, 'read', buffers, position) };
  }

  async writev(buffers, position) {
    return { __proto__: null, ...await this.#run(calls.writev, 'write', buffers, position) };
  }

  async readFile(options) {
    return this.#run(files.readFile, 'read', options);
  }

  async writeFile(data, options) {
    return this.#run(files.writeFile, 'write', data, options);
  }

  async appendFile(data, options) {
    return this.#run(files.writeFile, 'write', data, options);
  }

  async stat(options) {
    return this.#run(calls.fstat, 'fstat', options);
  }

  async chmod(mode) {
    return this.#run(calls.fchmod, 'fchmod', mode);
  }

  async chown(uid, gid) {
    return this.#run(calls.fchown, 'fchown', uid, gid);
  }

  async utimes(atime, mtime) {
    return this.#run(calls.futimes, 'futime', atime, mtime);
  }

  async truncate(length) {
    return this.#run(calls.ftruncate, 'ftruncate', length);
  }

  async sync() {
    return this.#run(calls.fsync, 'fsync');
  }

  async datasync() {
    return this.#run(calls.fdatasync, 'fdatasync');
  }

  /** The functions of node:fs that a stream calls; closing goes through this handle. */
  #streamFs() {
    return { ...this.#fs, close: (fd, callback) => this.close().then(() => callback(), callback) };
  }

  createReadStream(options) {
    return new this.#fs.ReadStream(undefined,
                                   { ...options, fd: this.#fd, fs: this.#streamFs() });
  }

  createWriteStream(options) {
    return new this.#fs.WriteStream(undefined,
                                    { ...options, fd: this.#fd, fs: this.#streamFs() });
  }

  readLines(options) {
    return readline.createInterface({ input: this.createReadStream(options),
                                      crlfDelay: Number.POSITIVE_INFINITY });
  }

  readableWebStream({ autoClose = false } = {}) {
    if (this.#fd < 0)
      throw nodeError(Error, 'ERR_INVALID_STATE', 'Invalid state: The FileHandle is closed');
    if (this.#locked)
      throw nodeError(Error, 'ERR_INVALID_STATE', 'Invalid state: The FileHandle is locked');
    check.boolean(autoClose, 'options.autoClose');
    this.#locked = true;
    const end = () => (autoClose ? this.close() : undefined);
    const source = {
      type: 'bytes',
      autoAllocateChunkSize: 16384,
      pull: async (controller) => {
        const view = controller.byobRequest.view;
        const { bytesRead } = await this.read(view, 0, view.byteLength);
        if (bytesRead === 0) {
          controller.close();
          await end();
        }
        controller.byobRequest.respond(bytesRead);
      },
      cancel: end,
    };
    return new ReadableStream(source);
  }

  getAsyncId() {
    return this.#asyncResource.asyncId();
  }
}

if (Symbol.asyncDispose) {
  FileHandle.prototype[Symbol.asyncDispose] = async function() {
    await this.close();
  };
}

function makeOpen(fs) {
  return function*(core, path, flags, mode) {
    return new FileHandle(core, fs, yield* calls.open(core, path, flags, mode));
  };
}

module.exports = { FileHandle, makeOpen };
