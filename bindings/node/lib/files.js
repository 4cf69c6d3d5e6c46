// SPDX-License-Identifier: GPL-2.0
//
// files.js - operations on whole files

'use strict';

const fs = require('node:fs');
const calls = require('./calls.js');
const native = require('./native.js');
const check = require('./validate.js');
const { systemError, relabel, abortError, nodeError } = require('./errors.js');

const { nr } = native;
const CHUNK = 512 * 1024;
const MAX_FILE = 2 ** 31 - 1;

function stopIfAborted(signal) {
  if (signal?.aborted)
    throw abortError(signal);
}

/**
 * Run the generator that body(fd) returns with a descriptor of `file`, which is a path, a descriptor
 * or a FileHandle.  `body` should not itself be a generator function, because the first call of
 * each new closure of that kind takes microseconds.
 */
function* withFile(core, file, flag, mode, body) {
  if (typeof file === 'number' || typeof file?.fd === 'number')
    return yield* body(typeof file === 'number' ? check.fd(file) : file.fd);
  const fd = yield* calls.open(core, file, flag, mode);
  let result;
  try {
    result = yield* body(fd);
  } catch (error) {
    yield* calls.close(core, fd);
    throw error;
  }
  yield* calls.close(core, fd);
  return result;
}

function* readChunks(core, fd, size, signal) {
  const chunks = [];
  let total = 0;
  for (;;) {
    stopIfAborted(signal);
    // Ask for one byte more than the size: a shorter result shows the end of the file without
    // another call.
    const room = Math.min(size > total ? size - total + 1 : 65536, CHUNK);
    const buffer = Buffer.allocUnsafe(room);
    const n = calls.ok(yield [nr.read, 0, core.fdIn(fd), buffer, room], 'read');
    if (n > 0)
      chunks.push(n === room ? buffer : buffer.subarray(0, n));
    total += n;
    if (n === 0 || (n < room && total === size))
      break;
    if (total > MAX_FILE)
      throw tooLarge(total);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, total);
}

const tooLarge = (size) => nodeError(RangeError, 'ERR_FS_FILE_TOO_LARGE',
                                     `File size (${size}) is greater than 2 GiB`);

function* readOpened(core, fd, { encoding, signal }) {
  const { size, mode } = yield* calls.sizeOf(core, fd);
  const regular = (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG;
  if (regular && size > MAX_FILE)
    throw tooLarge(size);
  const data = yield* readChunks(core, fd, regular ? size : 0, signal);
  return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
}

function* readFile(core, path, options) {
  options = check.options(options, { flag: 'r' });
  stopIfAborted(options.signal);
  return yield* withFile(core, path, options.flag, 0o666, (fd) => readOpened(core, fd, options));
}

function* writeAll(core, fd, bytes, signal) {
  for (let at = 0; at < bytes.byteLength;) {
    stopIfAborted(signal);
    const part = bytes.subarray(at, Math.min(at + 8 * CHUNK, bytes.byteLength));
    at += calls.ok(yield [nr.write, 0, core.fdIn(fd), part, part.byteLength], 'write');
  }
}

/** The parts of `data`: `data` itself, or the items of an iterable; each may be a promise. */
function* parts(data, encoding) {
  if (typeof data === 'string' || ArrayBuffer.isView(data)) {
    yield check.data(data, encoding);
  } else if (data?.[Symbol.asyncIterator]) {
    const iterator = data[Symbol.asyncIterator]();
    yield { iterator };
  } else {
    for (const item of data)
      yield check.data(item, encoding);
  }
}

function checkData(data) {
  const iterable = data && typeof data === 'object' &&
    (data[Symbol.asyncIterator] || data[Symbol.iterator]);
  if (typeof data !== 'string' && !ArrayBuffer.isView(data) && !iterable)
    check.data(data);
}

function* writeOpened(core, fd, data, { encoding, signal, flush }) {
  for (const part of parts(data, encoding)) {
    if (!part.iterator) {
      yield* writeAll(core, fd, part, signal);
      continue;
    }
    for (;;) {
      const { done, value } = yield part.iterator.next();
      if (done)
        break;
      yield* writeAll(core, fd, check.data(value, encoding), signal);
    }
  }
  if (flush)
    yield* calls.fsync(core, fd);
}

function writer(byDefault) {
  return function*(core, path, data, options) {
    options = check.options(options, { encoding: 'utf8', mode: 0o666, flag: byDefault, flush: false });
    if (options.flush != null)
      check.boolean(options.flush, 'options.flush');
    checkData(data);
    stopIfAborted(options.signal);
    yield* withFile(core, path, options.flag, options.mode, (fd) => writeOpened(core, fd, data, options));
  };
}

/**
 * Open the file and truncate it by its descriptor, like node:fs: errors then name the same system
 * calls.
 */
function* truncate(core, path, length = 0) {
  if (typeof path === 'number')
    return yield* calls.ftruncate(core, path, length);
  check.integer(length ?? 0, 'len');
  yield* withFile(core, path, 'r+', 0o666, (fd) => calls.ftruncate(core, fd, length));
}

function* exists(core, path) {
  try {
    yield* calls.access(core, path);
    return true;
  } catch (error) {
    if (error.code === 'ERR_DISK_CLOSED')
      throw error;
    return false;
  }
}

/** Copy the content of a descriptor; the kernel shares or copies the blocks if it can. */
function* copyContent(core, from, to) {
  const range = [nr.copy_file_range, 0, core.fdIn(from), null, core.fdIn(to), null, 2 ** 30, 0];
  let buffer = null;
  for (;;) {
    let n;
    if (!buffer) {
      n = yield range;
      // EXDEV, EOPNOTSUPP, ENOSYS, EINVAL: the kernel cannot copy between these files; copy
      // through memory.
      if ([-18, -95, -38, -22].includes(n)) {
        buffer = Buffer.allocUnsafe(CHUNK);
        continue;
      }
    } else {
      n = yield [nr.read, 0, core.fdIn(from), buffer, buffer.length];
    }
    if (calls.failed(n) || n === 0)
      return n;
    if (buffer)
      yield* writeAll(core, to, buffer.subarray(0, n));
  }
}

/** Like in libuv, errors of any step are reported as errors of copyfile. */
function* copyFile(core, source, target, mode) {
  source = check.path(source, 'src');
  target = check.path(target, 'dest');
  mode = mode == null ? 0 : check.integer(mode, 'mode', 0, 7);
  const fail = (errno) => { throw systemError(errno, 'copyfile', source, target); };
  if (mode & fs.constants.COPYFILE_FICLONE_FORCE)
    fail(-95);
  let from, to;
  try {
    from = yield* calls.open(core, source, 'r');
    const before = yield* calls.fstat(core, from);
    to = yield* calls.open(core, target, fs.constants.O_WRONLY | fs.constants.O_CREAT |
      (mode & fs.constants.COPYFILE_EXCL ? fs.constants.O_EXCL : 0), before.mode & 0o7777);
    const after = yield* calls.fstat(core, to);
    if (before.dev === after.dev && before.ino === after.ino)
      return;
    yield* calls.ftruncate(core, to, 0);
    yield* calls.fchmod(core, to, before.mode & 0o7777);
    const result = yield* copyContent(core, from, to);
    if (calls.failed(result)) {
      yield* calls.unlink(core, target);
      fail(result);
    }
  } catch (error) {
    throw relabel(error, 'copyfile', source, target);
  } finally {
    for (const fd of [from, to])
      if (fd !== undefined)
        yield* calls.close(core, fd);
  }
}

module.exports = { readFile, writeFile: writer('w'), appendFile: writer('a'), truncate, exists,
                   copyFile };
