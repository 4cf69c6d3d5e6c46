// SPDX-License-Identifier: GPL-2.0
//
// disk.js - open an image

'use strict';

const nodeFs = require('node:fs');
const native = require('./native.js');
const { copyTree } = require('./copy.js');
const { Core, runPromise } = require('./core.js');
const { diskError } = require('./errors.js');
const { frozen } = require('./freeze.js');
const { makeFs } = require('./fs.js');
const check = require('./validate.js');
const { readOptions } = require('./options.js');
const { toTar } = require('./tar-out.js');
const { fromTar } = require('./tar-in.js');

/** Get the description `kind` from the module, and decode its JSON. */
function* describe(core, kind) {
  const request = [0, 0];
  request.kind = kind;
  const result = yield request;
  if (typeof result === 'string')
    return JSON.parse(result);
  const [errno, text] = [result].flat();
  throw diskError(errno, text, core.path);
}

// Disks that are open when the process exits are closed then, so that the image is clean.
const openCores = new Set();

function closeAll() {
  for (const core of openCores) {
    try {
      core.closeSync();
    } catch (error) {
      process.stderr.write(`@anyfs/native: ${error.message}\n`);
      process.exitCode ||= 1;
    }
  }
  openCores.clear();
}

function remember(core) {
  if (openCores.size === 0)
    process.on('exit', closeAll);
  openCores.add(core);
}

function forget(core) {
  if (openCores.delete(core) && openCores.size === 0)
    process.off('exit', closeAll);
}

class Disk {
  #core;

  constructor(core) {
    this.#core = core;
    Object.defineProperty(this, 'fs', { value: makeFs(core), enumerable: true });
  }

  /** The path of the image. */
  get path() {
    return this.#core.path;
  }

  get closed() {
    return this.#core.state !== 'open';
  }

  /** The partitions, and the volumes in them. */
  async partitions() {
    return runPromise(this.#core, describe(this.#core, native.JOB_PARTS));
  }

  /** The whole content as a tree of nodes. */
  async tree() {
    return runPromise(this.#core, describe(this.#core, native.JOB_TREE));
  }

  /** The size and format of the image, its partition table, and how it was opened. */
  async info() {
    const core = this.#core;
    const found = await runPromise(core, describe(core, native.JOB_INFO));
    return { path: core.path, ...found, writable: core.writes, isolated: core.isolated };
  }

  /** Call `body` while the disk's bytes are those of a clean disk, and do not change. */
  async frozen(body) {
    check.callback(body, 'body');
    return frozen(this.#core, () => this.tree(), body);
  }

  /** A stream of a tar archive with the file or directory `path`. */
  toTar(path) {
    return toTar(this.#core, path);
  }

  /** A stream to write a tar archive to, which is extracted into the directory `path`. */
  fromTar(path) {
    return fromTar(this.#core, path);
  }

  /** Copy a file or a tree of the image to the host. */
  copyOut(source, target, options) {
    return copyTree(this.fs, source, nodeFs, target, options, process.geteuid() === 0);
  }

  /** Copy a file or a tree of the host into the image. */
  copyIn(source, target, options) {
    return copyTree(nodeFs, source, this.fs, target, options);
  }

  /** Write everything to the image, end all calls, and unlock the image. */
  async close() {
    forget(this.#core);
    await this.#core.close();
  }

  closeSync() {
    forget(this.#core);
    this.#core.closeSync();
  }
}

if (Symbol.asyncDispose) {
  Disk.prototype[Symbol.asyncDispose] = function() {
    return this.close();
  };
}

/** Open a disk image.  index.d.ts describes the options. */
async function open(image, options) {
  const read = readOptions(image, options);
  read.customSize = await read.customSize;
  const core = new Core(read);
  core.onNote = options?.onNote ?? null;
  await core.open();
  remember(core);
  return new Disk(core);
}

module.exports = { open, Disk, describe, remember, forget };
