// SPDX-License-Identifier: GPL-2.0
//
// fs.js - make the object `disk.fs` from one table of operations

'use strict';

const nodeFs = require('node:fs');
const { promisify } = require('node:util');
const { runSync, runPromise, runCallback } = require('./core.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const { nodeError } = require('./errors.js');
const files = require('./files.js');
const trees = require('./trees.js');
const { readAhead } = require('./read-ahead.js');
const acl = require('./acl.js');
const xattr = require('./xattr.js');
const { Dir, opendir } = require('./dir.js');
const { glob } = require('./glob.js');
const { FSWatcher, watch, watchEvents, makeWatchFile } = require('./watch.js');
const { FileHandle, makeOpen } = require('./file-handle.js');

// Operations with a path have three forms: name, nameSync and promises.name.
const WITH_PATH = {
  access: calls.access,
  appendFile: files.appendFile,
  chmod: calls.chmod,
  chown: calls.chown,
  copyFile: files.copyFile,
  cp: trees.cp,
  lchown: calls.lchown,
  link: calls.link,
  lstat: calls.lstat,
  lutimes: calls.lutimes,
  mkdir: trees.mkdir,
  mkdtemp: trees.mkdtemp,
  opendir,
  readFile: files.readFile,
  readdir: trees.readdir,
  readlink: calls.readlink,
  realpath: calls.realpath,
  rename: calls.rename,
  rm: trees.rm,
  rmdir: trees.rmdir,
  stat: calls.stat,
  statfs: calls.statfs,
  symlink: (core, target, path, type) => calls.symlink(core, target, path, type),
  truncate: files.truncate,
  unlink: calls.unlink,
  utimes: calls.utimes,
  writeFile: files.writeFile,
  // Functions that node:fs lacks.
  ...xattr,
  ...acl,
  mknod: calls.mknod,
  sync: calls.sync,
};

// Operations with a descriptor have no form in `promises`, since FileHandle has methods instead.
// The list of an operation names the results that its callback receives as separate arguments.
const WITH_FD = {
  close: [calls.close],
  fchmod: [calls.fchmod],
  fchown: [calls.fchown],
  fdatasync: [calls.fdatasync],
  fstat: [calls.fstat],
  fsync: [calls.fsync],
  ftruncate: [calls.ftruncate],
  futimes: [calls.futimes],
  open: [calls.open],
  read: [calls.read, 'bytesRead', 'buffer'],
  readv: [calls.readv, 'bytesRead', 'buffers'],
  write: [calls.write, 'bytesWritten', 'buffer'],
  writev: [calls.writev, 'bytesWritten', 'buffers'],
};

const named = (name, body) => Object.defineProperty(body, 'name', { value: name });

function syncFace(core, name, operation, result) {
  return named(name, (...args) => {
    const value = runSync(core, operation(core, ...args));
    return result ? value[result] : value;
  });
}

function callbackFace(core, name, operation, ...results) {
  const face = named(name, (...args) => {
    const callback = check.callback(args.pop());
    runCallback(core, operation(core, ...args), (error, value) => {
      if (error)
        callback(error);
      else if (results.length)
        callback(null, ...results.map((member) => value[member]));
      else if (value === undefined)
        callback(null);
      else
        callback(null, value);
    });
  });
  if (results.length)
    face[promisify.custom] = promiseFace(core, name, operation);
  return face;
}

function promiseFace(core, name, operation) {
  return named(name, async (...args) => runPromise(core, operation(core, ...args)));
}

/** The callback of exists() gets no error argument, and exists() never throws for a wrong path. */
function addExists(fs, core) {
  fs.existsSync = (path) => runSync(core, files.exists(core, path));
  fs.exists = (path, callback) => {
    check.callback(callback);
    runCallback(core, files.exists(core, path), (error, value) => callback(value ?? false));
  };
  fs.exists[promisify.custom] = (path) => runPromise(core, files.exists(core, path));
}

/** Node's own streams, which take the functions to call from the option `fs`. */
function addStreams(fs) {
  const withFs = (options, functions) => ({
    ...(typeof options === 'string' ? { encoding: options } : options),
    fs: options?.fs ?? functions,
  });
  // Functions and not classes, since programs may call them without `new`, like in Node.js.
  const derive = (Base, functions) => {
    function Stream(path, options) {
      if (!(this instanceof Stream))
        return new Stream(path, options);
      return Base.call(this, path, withFs(options, functions(options))) ?? this;
    }
    Object.setPrototypeOf(Stream, Base);
    Stream.prototype = Object.create(Base.prototype, {
      constructor: { value: Stream, configurable: true, writable: true },
    });
    return named(Base.name, Stream);
  };
  fs.ReadStream = derive(nodeFs.ReadStream, (options) => (options?.fd == null ? readAhead(fs) : fs));
  fs.WriteStream = derive(nodeFs.WriteStream, () => fs);
  fs.FileReadStream = fs.ReadStream;
  fs.FileWriteStream = fs.WriteStream;
  if (nodeFs.Utf8Stream) {
    fs.Utf8Stream = class Utf8Stream extends nodeFs.Utf8Stream {
      constructor(options) {
        super({ ...options, fs: options?.fs ?? fs });
      }
    };
  }
  fs.createReadStream = (path, options) => new fs.ReadStream(path, options);
  fs.createWriteStream = (path, options) => new fs.WriteStream(path, options);
}

/** Functions whose forms differ from the rule. */
function addOthers(fs, promises, core) {
  fs.glob = callbackFace(core, 'glob', glob);
  fs.globSync = syncFace(core, 'globSync', glob);
  promises.glob = (pattern, options) => (async function*() {
    yield* await runPromise(core, glob(core, pattern, options));
  }());
  fs.mkdtempDisposableSync = syncFace(core, 'mkdtempDisposableSync', trees.disposable(true));
  promises.mkdtempDisposable = promiseFace(core, 'mkdtempDisposable', trees.disposable(false));
  fs.openAsBlob = named('openAsBlob', async (path, options) => {
    const { type = '' } = check.object(options ?? {});
    const data = await promises.readFile(path);
    return new Blob([data], { type });
  });
  fs.openAsBlobSync = named('openAsBlobSync', (path, options) => {
    const { type = '' } = check.object(options ?? {});
    return new Blob([fs.readFileSync(path)], { type });
  });
  fs.watch = (path, options, listener) => watch(core, path, options, listener);
  promises.watch = (path, options) => watchEvents(core, path, options);
  Object.assign(fs, makeWatchFile(core));
  fs.FSWatcher = FSWatcher;
  // Node.js has these functions on every system, but implements them on macOS only.
  promises.lchmod = async () => {
    throw nodeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The lchmod() method is not implemented');
  };
}

function makeFs(core) {
  const fs = {};
  const promises = {};
  for (const [name, operation] of Object.entries(WITH_PATH)) {
    fs[name] = callbackFace(core, name, operation);
    fs[`${name}Sync`] = syncFace(core, `${name}Sync`, operation);
    promises[name] = promiseFace(core, name, operation);
  }
  for (const [name, [operation, ...results]] of Object.entries(WITH_FD)) {
    fs[name] = callbackFace(core, name, operation, ...results);
    fs[`${name}Sync`] = syncFace(core, `${name}Sync`, operation, results[0]);
  }
  promises.open = promiseFace(core, 'open', makeOpen(fs));
  const { realpath, realpathSync } = fs;
  fs.realpath = callbackFace(core, 'realpath', trees.realpath);
  fs.realpath.native = realpath;
  fs.realpathSync = syncFace(core, 'realpathSync', trees.realpath);
  fs.realpathSync.native = realpathSync;
  addExists(fs, core);
  addOthers(fs, promises, core);
  addStreams(fs);
  fs.constants = promises.constants = nodeFs.constants;
  for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK'])
    fs[name] = nodeFs.constants[name];
  fs.Stats = nodeFs.Stats;
  fs.Dirent = nodeFs.Dirent;
  fs.Dir = Dir;
  promises.FileHandle = FileHandle;
  fs.promises = promises;
  return fs;
}

module.exports = { makeFs };
