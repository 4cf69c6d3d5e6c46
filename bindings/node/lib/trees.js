// SPDX-License-Identifier: GPL-2.0
//
// trees.js - operations on directory trees

'use strict';

const crypto = require('node:crypto');
const calls = require('./calls.js');
const check = require('./validate.js');
const files = require('./files.js');
const stats = require('./stats.js');
const { systemError, relabel, fsError, argValue } = require('./errors.js');

const O_DIRECTORY = 0x10000;

/** `name` in directory `path`; both may be bytes. */
function join(path, name) {
  if (typeof path === 'string' && typeof name === 'string')
    return path.endsWith('/') ? path + name : `${path}/${name}`;
  const bytes = Buffer.from(path);
  return Buffer.concat([bytes, Buffer.from(bytes.at(-1) === 47 ? '' : '/'), Buffer.from(name)]);
}

/** Open a directory; an error names the call of node:fs, scandir or opendir, and the path. */
function* openDirectory(core, path, syscall) {
  try {
    return yield* calls.open(core, path, O_DIRECTORY);
  } catch (error) {
    throw relabel(error, syscall, path);
  }
}

/** All entries [name, type, inode] of a directory, sorted by the bytes of their names. */
function* list(core, path, syscall = 'scandir') {
  const fd = yield* openDirectory(core, path, syscall);
  const all = [];
  try {
    for (let some; (some = yield* calls.entries(core, fd, path));)
      for (const entry of some)
        all.push(entry);
  } finally {
    yield* calls.close(core, fd);
  }
  return all.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

/** The type of an entry, from lstat() if the file system has not given it. */
function* typeOf(core, path, entry) {
  if (entry[1] === 0) {
    const found = yield* calls.lstat(core, join(path, stats.decodeName(entry[0], 'buffer')),
                                     { throwIfNoEntry: false });
    entry[1] = found ? stats.typeOfMode(found.mode) : 0;
  }
  return entry[1];
}

function* readdir(core, path, options) {
  options = check.options(options, { encoding: 'utf8' });
  path = check.path(path);
  const { encoding, withFileTypes = false, recursive = false } = options;
  if (recursive != null)
    check.boolean(recursive, 'options.recursive');
  const shown = Buffer.isBuffer(path) && encoding !== 'buffer' ? path.toString() : path;
  if (!recursive) {
    const entries = yield* list(core, path);
    if (!withFileTypes)
      return entries.map(([name]) => stats.decodeName(name, encoding));
    const out = [];
    for (const entry of entries)
      out.push(stats.direntOf(stats.decodeName(entry[0], encoding),
                              yield* typeOf(core, path, entry), shown));
    return out;
  }
  return yield* readRecursive(core, shown, encoding, withFileTypes);
}

/** List breadth first, like node:fs, with names relative to the first directory. */
function* readRecursive(core, top, encoding, withFileTypes) {
  const out = [];
  const queue = [[top, '']];
  for (const [path, relative] of queue) {
    for (const entry of yield* list(core, path)) {
      const name = stats.decodeName(entry[0], encoding);
      const type = yield* typeOf(core, path, entry);
      const below = relative.length ? join(relative, name) : name;
      out.push(withFileTypes ? stats.direntOf(name, type, path) : below);
      if (type === stats.DT_DIR)
        queue.push([join(path, name), below]);
    }
  }
  return out;
}

/** realpath(): like node:fs, the forms other than the promise report which component is missing. */
function* realpath(core, path, options) {
  try {
    return yield* calls.realpath(core, path, options);
  } catch (error) {
    if (!error.errno)
      throw error;
    const parts = `/${check.path(path)}`.split('/').filter(Boolean);
    for (let i = 1; i <= parts.length; i++) {
      const prefix = `/${parts.slice(0, i).join('/')}`;
      if ((yield* calls.lstat(core, prefix)).isSymbolicLink())
        yield* calls.stat(core, prefix);
    }
    throw error;
  }
}

function parentOf(path) {
  const text = path.replace(/\/+$/, '');
  const at = text.lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : text.slice(0, at);
}

function* mkdir(core, path, options) {
  let mode = 0o777;
  let recursive = false;
  path = check.path(path);
  if (typeof options === 'number' || typeof options === 'string') {
    mode = check.mode(options, 'mode');
  } else if (options) {
    if (options.recursive !== undefined)
      recursive = check.boolean(options.recursive, 'options.recursive');
    if (options.mode !== undefined)
      mode = check.mode(options.mode, 'options.mode');
  }
  if (!recursive) {
    calls.ok(yield* calls.makeDirectory(core, path, mode), 'mkdir', path);
    return undefined;
  }
  return yield* mkdirs(core, path, mode);
}

/** Make the missing directories of a path; returns the first that was made, or undefined. */
function* mkdirs(core, path, mode) {
  const missing = [String(path)];
  let first;
  while (missing.length) {
    const current = missing.at(-1);
    const result = yield* calls.makeDirectory(core, current, mode);
    if (result === -2 && parentOf(current) !== current) {
      missing.push(parentOf(current));
      continue;
    }
    if (calls.failed(result)) {
      const found = yield* calls.stat(core, current, { throwIfNoEntry: false });
      if (!found?.isDirectory()) {
        const errno = result === -17 && missing.length > 1 ? -20 : result;
        throw systemError(errno, 'mkdir', path);
      }
    } else {
      first ??= current;
    }
    missing.pop();
  }
  return first;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function* mkdtemp(core, prefix, options) {
  options = check.options(options, { encoding: 'utf8' });
  prefix = check.path(prefix, 'prefix');
  for (let attempt = 0; ; attempt++) {
    const random = Array.from(crypto.randomBytes(6), (byte) => LETTERS[byte % 62]).join('');
    const path = typeof prefix === 'string' ? prefix + random :
      Buffer.concat([prefix, Buffer.from(random)]);
    const result = yield* calls.makeDirectory(core, path, 0o700);
    if (result === -17 && attempt < 100)
      continue;
    calls.ok(result, 'mkdtemp', `${prefix}XXXXXX`);
    return calls.inEncoding(Buffer.from(path), options.encoding);
  }
}

/** mkdtemp() whose result removes the directory when it is disposed. */
const disposable = (sync) => function*(core, prefix, options) {
  const { runSync, runPromise } = require('./core.js');
  const path = yield* mkdtemp(core, prefix, options);
  const removal = () => rm(core, path, { recursive: true, force: true });
  const remove = sync ? () => runSync(core, removal()) : () => runPromise(core, removal());
  const dispose = sync ? Symbol.dispose : Symbol.asyncDispose;
  return { path, remove, ...(dispose ? { [dispose]: remove } : {}) };
};

function* rmdir(core, path, options) {
  path = check.path(path);
  if (options?.recursive)
    throw argValue('options.recursive', options.recursive, 'is no longer supported: use rm()');
  yield* calls.removeDirectory(core, path);
}

function* removeTree(core, path) {
  for (const entry of yield* list(core, path)) {
    const child = join(path, stats.decodeName(entry[0], Buffer.isBuffer(path) ? 'buffer' : 'utf8'));
    // A name that is not UTF-8 can only be removed by its bytes.
    const exact = typeof child === 'string' && child.includes('\ufffd') ?
      join(path, stats.decodeName(entry[0], 'buffer')) : child;
    if ((yield* typeOf(core, path, entry)) === stats.DT_DIR)
      yield* removeTree(core, exact);
    else
      yield* calls.unlink(core, exact);
  }
  yield* calls.removeDirectory(core, path);
}

function* rm(core, path, options) {
  path = check.path(path);
  if (options !== undefined)
    check.object(options);
  const { force = false, recursive = false } = options ?? {};
  check.boolean(force, 'options.force');
  check.boolean(recursive, 'options.recursive');
  const found = yield* calls.lstat(core, path, { throwIfNoEntry: !force });
  if (!found)
    return;
  if (!found.isDirectory())
    yield* calls.unlink(core, path);
  else if (recursive)
    yield* removeTree(core, path);
  else
    throw fsError('ERR_FS_EISDIR', 'Path is a directory', -21, 'rm', path);
}

// ---- cp ----

function* copyOne(core, source, target, found, options) {
  const there = yield* calls.lstat(core, target, { throwIfNoEntry: false });
  if (there && found.isDirectory() !== there.isDirectory()) {
    throw found.isDirectory() ?
      fsError('ERR_FS_CP_DIR_TO_NON_DIR', 'Cannot overwrite non-directory with directory', -21,
              'cp', target, `cannot overwrite non-directory ${target} with directory ${source}`) :
      fsError('ERR_FS_CP_NON_DIR_TO_DIR', 'Cannot overwrite directory with non-directory', -20,
              'cp', target, `cannot overwrite directory ${target} with non-directory ${source}`);
  }
  if (found.isDirectory())
    return yield* copyDirectory(core, source, target, there, found, options);
  if (there && !options.force) {
    if (options.errorOnExist)
      throw fsError('ERR_FS_CP_EEXIST', 'Target already exists', -17, 'cp', target,
                    `${target} already exists`);
    return;
  }
  if (found.isSymbolicLink()) {
    if (there)
      yield* calls.unlink(core, target);
    yield* calls.symlink(core, yield* linkTarget(core, source, options), target);
    return;
  }
  if (!found.isFile())
    throw fsError('ERR_FS_CP_UNKNOWN', 'Cannot copy an unknown file type', -22, 'cp', target);
  if (there)
    yield* calls.unlink(core, target);
  yield* files.copyFile(core, source, target, options.mode);
  if (options.preserveTimestamps) {
    yield* calls.utimes(core, target, found.atimeMs / 1000, found.mtimeMs / 1000);
  }
}

function* linkTarget(core, source, { verbatimSymlinks }) {
  const text = yield* calls.readlink(core, source);
  if (verbatimSymlinks || text.startsWith('/'))
    return text;
  return join(parentOf(source), text);
}

function* copyDirectory(core, source, target, there, found, options) {
  if (!options.recursive)
    throw fsError('ERR_FS_EISDIR', 'Recursive option not enabled, cannot copy a directory', -21,
                  'cp', source, `${source} is a directory (not copied)`);
  if (!there)
    calls.ok(yield* calls.makeDirectory(core, target, 0o777), 'mkdir', target);
  for (const [latin1] of yield* list(core, source)) {
    const name = stats.decodeName(latin1, 'utf8');
    yield* copyTree(core, join(source, name), join(target, name), options);
  }
  if (!there)
    yield* calls.chmod(core, target, found.mode & 0o7777);
}

function* copyTree(core, source, target, options) {
  if (options.filter) {
    let wanted = options.filter(source, target);
    if (typeof wanted?.then === 'function')
      wanted = yield wanted;
    if (!wanted)
      return;
  }
  const found = yield* (options.dereference ? calls.stat : calls.lstat)(core, source);
  yield* copyOne(core, source, target, found, options);
}

function* cp(core, source, target, options) {
  if (options !== undefined)
    check.object(options);
  options = { force: true, recursive: false, errorOnExist: false, dereference: false,
              preserveTimestamps: false, verbatimSymlinks: false, mode: 0, ...options };
  source = String(check.path(source, 'src'));
  target = String(check.path(target, 'dest'));
  const here = yield* calls.lstat(core, source);
  const there = yield* calls.stat(core, target, { throwIfNoEntry: false });
  if (there && there.ino === here.ino && there.dev === here.dev)
    throw fsError('ERR_FS_CP_EINVAL', 'Invalid src or dest', -22, 'cp', target,
                  'src and dest cannot be the same');
  if (here.isDirectory() && `${target}/`.startsWith(`${source.replace(/\/+$/, '')}/`))
    throw fsError('ERR_FS_CP_EINVAL', 'Invalid src or dest', -22, 'cp', target,
                  `cannot copy ${source} to a subdirectory of self ${target}`);
  if (parentOf(target) !== target)
    yield* mkdirs(core, parentOf(target), 0o777);
  yield* copyTree(core, source, target, options);
}

module.exports = { list, join, openDirectory, readdir, realpath, mkdir, mkdtemp, disposable, rmdir, rm, cp, typeOf };
