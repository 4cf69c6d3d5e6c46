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

  constructor(core, fd, path, encoding) {
    this.#core = core;
    this.#fd = fd;
    this.#path = path;
    this.#encoding = encoding;
  }

  get path() {
    return this.#path;
  }

  *#next() {
    if (this.#fd < 0)
      throw closedError();
    if (this.#entries.length === 0)
      this.#entries = (yield* calls.entries(this.#core, this.#fd, this.#path)) ?? [];
    const entry = this.#entries.shift();
    if (!entry)
      return null;
    const type = yield* trees.typeOf(this.#core, this.#path, entry);
    return stats.direntOf(stats.decodeName(entry[0], this.#encoding), type, this.#path);
  }

  *#end() {
    if (this.#fd < 0)
      throw closedError();
    const fd = this.#fd;
    this.#fd = -1;
    yield* calls.close(this.#core, fd);
  }

  // Calls that overlap run one after another, each with the next entry.
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

function* opendir(core, path, options) {
  options = check.options(options, { encoding: 'utf8' });
  path = check.path(path);
  if (options.bufferSize !== undefined)
    check.integer(options.bufferSize, 'options.bufferSize', 1, 4294967295);
  const fd = yield* trees.openDirectory(core, path, 'opendir');
  return new Dir(core, fd, path, options.encoding);
}

module.exports = { Dir, opendir };
