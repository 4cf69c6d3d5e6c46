// SPDX-License-Identifier: GPL-2.0
//
// dir.js - an open directory, as fs.Dir

'use strict';

const { runSync, runPromise } = require('./core.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const stats = require('./stats.js');
const trees = require('./trees.js');
const { nodeError } = require('./errors.js');

const closedError = () => nodeError(Error, 'ERR_DIR_CLOSED', 'Directory handle was closed');

class Dir {
  #core;
  #fd;
  #path;
  #encoding;
  #entries = [];
  #queue = Promise.resolve();
  #current;		// the directory whose entries are read
  #below = [];		// directories still to be read, if recursive

  constructor(core, fd, path, { encoding, recursive = false }) {
    this.#core = core;
    this.#fd = fd;
    this.#path = path;
    this.#current = path;
    this.#encoding = encoding;
    this.#below = recursive ? [] : null;
  }

  get path() {
    return this.#path;
  }

  *#next() {
    if (this.#fd < 0)
      throw closedError();
    while (this.#entries.length === 0) {
      this.#entries = (yield* calls.entries(this.#core, this.#fd, this.#current)) ?? [];
      if (this.#entries.length === 0 && !(yield* this.#enterNext()))
        return null;
    }
    const entry = this.#entries.shift();
    const type = yield* trees.typeOf(this.#core, this.#current, entry);
    const name = stats.decodeName(entry[0], this.#encoding);
    if (type === stats.DT_DIR)
      this.#below?.push(trees.join(this.#current, name));
    return stats.direntOf(name, type, this.#current);
  }

  /** Continue with the next subdirectory; false if there is none. */
  *#enterNext() {
    if (!this.#below?.length)
      return false;
    const path = this.#below.shift();
    const fd = yield* trees.openDirectory(this.#core, path, 'opendir');
    const last = this.#fd;
    this.#fd = fd;
    this.#current = path;
    yield* calls.close(this.#core, last);
    return true;
  }

  *#end() {
    if (this.#fd < 0)
      throw closedError();
    const fd = this.#fd;
    this.#fd = -1;
    yield* calls.close(this.#core, fd);
  }

  // Overlapping calls run one after another, and each gets the next entry.
  #later(generator) {
    const result = this.#queue.then(() => runPromise(this.#core, generator));
    this.#queue = result.catch(() => {});
    return result;
  }

  #run(generator, callback) {
    if (callback === undefined)
      return this.#later(generator);
    check.callback(callback);
    this.#later(generator).then((value) => process.nextTick(callback, null, value),
                                (error) => process.nextTick(callback, error));
    return undefined;
  }

  read(callback) {
    return this.#run(this.#next(), callback);
  }

  readSync() {
    return runSync(this.#core, this.#next());
  }

  close(callback) {
    return this.#run(this.#end(), callback);
  }

  closeSync() {
    runSync(this.#core, this.#end());
  }

  async *entries() {
    try {
      for (let entry; (entry = await this.read());)
        yield entry;
    } finally {
      await this.close();
    }
  }
}

Object.defineProperty(Dir.prototype, Symbol.asyncIterator,
                      { value: Dir.prototype.entries, configurable: true, writable: true });
if (Symbol.asyncDispose) {
  Dir.prototype[Symbol.asyncDispose] = async function() {
    await this.close();
  };
}

if (Symbol.dispose) {
  Dir.prototype[Symbol.dispose] = function() {
    this.closeSync();
  };
}

function* opendir(core, path, options) {
  options = check.options(options, { encoding: 'utf8' });
  path = check.path(path);
  if (options.bufferSize !== undefined)
    check.integer(options.bufferSize, 'options.bufferSize', 1, 4294967295);
  const fd = yield* trees.openDirectory(core, path, 'opendir');
  return new Dir(core, fd, path, options);
}

module.exports = { Dir, opendir };
