// SPDX-License-Identifier: GPL-2.0
//
// calls.js - operations that are one system call
//
// Each operation is a generator (see core.js) with the disk's core as first argument and
// the arguments of the function in node:fs after it.

'use strict';

const native = require('./native.js');
const check = require('./validate.js');
const { systemError, outOfRange } = require('./errors.js');
const stats = require('./stats.js');

const { nr, JOB_WRITES, JOB_OPENS, JOB_CLOSES } = native;
const PATH = (i) => 1 << i;	// flag of a request: argument i is a path
const AT_FDCWD = -100;
const AT_REMOVEDIR = 0x200;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_AND_BTIME = 0xfff;

const failed = (result) => typeof result !== 'number' || result < 0;

/** Throw the error of a failed call; else return the result. */
function ok(result, syscall, path, dest) {
  if (failed(result))
    throw systemError(result, syscall, path, dest);
  return result;
}

/** Make a system call whose first argument is AT_FDCWD and whose second is a path. */
const atPath = (number, flags, path, ...rest) =>
  [number, PATH(1) | flags, AT_FDCWD, path, ...rest];

function* access(core, path, mode) {
  path = check.path(path);
  mode = mode == null ? 0 : check.integer(mode, 'mode', 0, 7);
  ok(yield atPath(nr.faccessat, 0, path, mode), 'access', path);
}

function* open(core, path, flags, mode) {
  path = check.path(path);
  flags = check.flags(flags);
  mode = check.mode(mode, 'mode', 0o666);
  const writes = flags & 0x40 || flags & 3 ? JOB_WRITES : 0;
  const fd = ok(yield atPath(nr.openat, writes | JOB_OPENS, path, flags | 0x80000, mode & 0o7777),
                'open', path);
  return core.fdOut(fd);
}

function* close(core, fd) {
  fd = check.fd(fd);
  ok(yield [nr.close, JOB_CLOSES, core.fdIn(fd)], 'close');
}

function* chmod(core, path, mode) {
  path = check.path(path);
  mode = check.mode(mode, 'mode');
  ok(yield atPath(nr.fchmodat, JOB_WRITES, path, mode & 0o7777), 'chmod', path);
}

function* fchmod(core, fd, mode) {
  fd = check.fd(fd);
  mode = check.mode(mode, 'mode');
  ok(yield [nr.fchmod, 0, core.fdIn(fd), mode & 0o7777], 'fchmod');
}

function owner(flags, syscall) {
  return function*(core, path, uid, gid) {
    path = check.path(path);
    check.id(uid, 'uid');
    check.id(gid, 'gid');
    ok(yield atPath(nr.fchownat, JOB_WRITES, path, uid, gid, flags), syscall, path);
  };
}

function* fchown(core, fd, uid, gid) {
  fd = check.fd(fd);
  check.id(uid, 'uid');
  check.id(gid, 'gid');
  ok(yield [nr.fchown, 0, core.fdIn(fd), uid, gid], 'fchown');
}

/** stat and lstat.  Without throwIfNoEntry a missing file gives undefined. */
function status(flags, syscall) {
  return function*(core, path, options) {
    path = check.path(path);
    const { bigint = false, throwIfNoEntry = true } = options ?? {};
    const buffer = Buffer.allocUnsafe(stats.STATX_SIZE);
    const result = yield atPath(nr.statx, 0, path, flags, STATX_BASIC_AND_BTIME, buffer);
    if (!throwIfNoEntry && (result === -2 || result === -20))
      return undefined;
    ok(result, syscall, path);
    return stats.statsOf(buffer, bigint);
  };
}

function* statx(core, fd) {
  const buffer = Buffer.allocUnsafe(stats.STATX_SIZE);
  ok(yield [nr.statx, 0, core.fdIn(fd), '', AT_EMPTY_PATH, STATX_BASIC_AND_BTIME, buffer], 'fstat');
  return buffer;
}

function* fstat(core, fd, options) {
  return stats.statsOf(yield* statx(core, check.fd(fd)), options?.bigint);
}

/** Get only the mode and the size, which takes less time than fs.Stats. */
function* sizeOf(core, fd) {
  return stats.sizeOf(yield* statx(core, fd));
}

function* statfs(core, path, options) {
  path = check.path(path);
  const buffer = Buffer.alloc(stats.STATFS_SIZE);
  ok(yield [nr.statfs, PATH(0), path, buffer], 'statfs', path);
  return stats.statfsOf(buffer, options?.bigint);
}

const onFile = (number, syscall) => function*(core, fd) {
  fd = check.fd(fd);
  ok(yield [number, 0, core.fdIn(fd)], syscall);
};

function* ftruncate(core, fd, length = 0) {
  fd = check.fd(fd);
  check.integer(length ?? 0, 'len');
  ok(yield [nr.ftruncate, 0, core.fdIn(fd), Math.max(0, length ?? 0)], 'ftruncate');
}

function times(flags, syscall) {
  return function*(core, path, atime, mtime) {
    path = check.path(path);
    const spec = check.timespecs(atime, mtime);
    ok(yield atPath(nr.utimensat, JOB_WRITES, path, spec, flags), syscall, path);
  };
}

function* futimes(core, fd, atime, mtime) {
  fd = check.fd(fd);
  const spec = check.timespecs(atime, mtime);
  ok(yield [nr.utimensat, 0, core.fdIn(fd), null, spec, 0], 'futime');
}

function* link(core, existing, path) {
  existing = check.path(existing, 'existingPath');
  path = check.path(path, 'newPath');
  ok(yield [nr.linkat, PATH(1) | PATH(3) | JOB_WRITES, AT_FDCWD, existing, AT_FDCWD, path, 0],
     'link', existing, path);
}

function* symlink(core, target, path) {
  target = check.path(target, 'target');
  path = check.path(path);
  // A target that is a Buffer needs a zero byte at its end; to strings the module adds one.
  const text = typeof target === 'string' ? target : Buffer.concat([target, Buffer.alloc(1)]);
  ok(yield [nr.symlinkat, PATH(2) | JOB_WRITES, text, AT_FDCWD, path], 'symlink', target, path);
}

function* readlink(core, path, options) {
  options = check.options(options, { encoding: 'utf8' });
  path = check.path(path, 'oldPath');
  const buffer = Buffer.allocUnsafe(4096);
  const length = ok(yield atPath(nr.readlinkat, 0, path, buffer, buffer.length), 'readlink', path);
  return inEncoding(buffer.subarray(0, length), options.encoding);
}

/** Return bytes as a string, or as a new Buffer. */
function inEncoding(buffer, encoding) {
  return encoding === 'buffer' ? Buffer.from(buffer) : buffer.toString(encoding ?? 'utf8');
}

function* rename(core, from, to) {
  from = check.path(from, 'oldPath');
  to = check.path(to, 'newPath');
  ok(yield [nr.renameat2, PATH(1) | PATH(3) | JOB_WRITES, AT_FDCWD, from, AT_FDCWD, to, 0],
     'rename', from, to);
}

const removal = (flags, syscall) => function*(core, path) {
  path = check.path(path);
  ok(yield atPath(nr.unlinkat, JOB_WRITES, path, flags), syscall, path);
};

/** Get the kernel's path of a file, without symbolic links. */
function* realpath(core, path, options) {
  options = check.options(options, { encoding: 'utf8' });
  path = check.path(path);
  const buffer = Buffer.allocUnsafe(8192);
  const request = [0, PATH(0), path, buffer, buffer.length];
  request.kind = native.JOB_REALPATH;
  const length = ok(yield request, 'realpath', path);
  return inEncoding(buffer.subarray(0, length), options.encoding);
}

/** The arguments of read(): (fd, buffer, offset, length, position) in its four forms. */
function readArguments(buffer, offset, length, position) {
  if (buffer === undefined || (buffer && typeof buffer === 'object' && !ArrayBuffer.isView(buffer)))
    ({ buffer = Buffer.alloc(16384), offset, length, position } = buffer ?? {});
  else if (offset !== null && typeof offset === 'object')
    ({ offset, length, position } = offset);
  const bytes = check.bytes(buffer);
  offset ??= 0;
  check.integer(offset, 'offset', 0);
  length ??= bytes.byteLength - offset;
  position = check.position(position);
  return { buffer, bytes, offset, length, position };
}

function* read(core, fd, ...rest) {
  fd = check.fd(fd);
  const { buffer, bytes, offset, length, position } = readArguments(...rest);
  if (length === 0)
    return { bytesRead: 0, buffer };
  if (bytes.byteLength === 0) {
    const { argValue } = require('./errors.js');
    throw argValue('buffer', buffer, 'is empty and cannot be written');
  }
  check.integer(length, 'length', 0);
  if (length > bytes.byteLength - offset)
    throw outOfRange('length', `<= ${bytes.byteLength - offset}`, length);
  const part = bytes.subarray(offset, offset + length);
  const bytesRead = ok(yield position < 0 ?
    [nr.read, 0, core.fdIn(fd), part, length] :
    [nr.pread64, 0, core.fdIn(fd), part, length, position], 'read');
  return { bytesRead, buffer };
}

function* write(core, fd, buffer, offset, length, position) {
  fd = check.fd(fd);
  let part;
  if (typeof buffer === 'string') {
    // write(fd, string, position, encoding)
    position = offset;
    if (length)
      check.encoding(length);
    part = Buffer.from(buffer, length || 'utf8');
  } else {
    const bytes = check.data(buffer, undefined, 'buffer');
    if (offset !== null && typeof offset === 'object')
      ({ offset = 0, length, position } = offset);
    offset ??= 0;
    check.integer(offset, 'offset', 0);
    length ??= bytes.byteLength - offset;
    check.range(offset, length, bytes.byteLength);
    part = bytes.subarray(offset, offset + length);
  }
  if (typeof position !== 'number' && typeof position !== 'bigint')
    position = -1;
  const bytesWritten = ok(yield position < 0 ?
    [nr.write, 0, core.fdIn(fd), part, part.byteLength] :
    [nr.pwrite64, 0, core.fdIn(fd), part, part.byteLength, position], 'write');
  return { bytesWritten, buffer };
}

const LIMIT_IOV = 1024;

function* readv(core, fd, buffers, position) {
  fd = check.fd(fd);
  const vector = check.vector(buffers).slice(0, LIMIT_IOV);
  const at = typeof position === 'number' ? position : -1;
  const bytesRead = ok(yield at < 0 ?
    [nr.readv, 0, core.fdIn(fd), vector, vector.length] :
    [nr.preadv, 0, core.fdIn(fd), vector, vector.length, at, 0], 'read');
  return { bytesRead, buffers };
}

function* writev(core, fd, buffers, position) {
  fd = check.fd(fd);
  const vector = check.vector(buffers);
  let at = typeof position === 'number' ? position : -1;
  let bytesWritten = 0;
  // The kernel takes a limited number of buffers at once.
  for (let i = 0; i < vector.length || i === 0; i += LIMIT_IOV) {
    const part = vector.slice(i, i + LIMIT_IOV);
    const wanted = part.reduce((sum, bytes) => sum + bytes.byteLength, 0);
    const n = ok(yield at < 0 ?
      [nr.writev, 0, core.fdIn(fd), part, part.length] :
      [nr.pwritev, 0, core.fdIn(fd), part, part.length, at, 0], 'write');
    bytesWritten += n;
    if (at >= 0)
      at += n;
    if (n < wanted)
      break;
  }
  return { bytesWritten, buffers };
}

/** The next entries of an open directory; null at the end. */
function* entries(core, fd, path) {
  const buffer = Buffer.allocUnsafe(32768);
  for (;;) {
    const length = ok(yield [nr.getdents64, 0, core.fdIn(fd), buffer, buffer.length],
                      'scandir', path);
    if (length === 0)
      return null;
    const found = stats.entriesOf(buffer, length);
    if (found.length)
      return found;
  }
}

/** Make one directory.  Returns the result of the call; the caller checks it for an error. */
function* makeDirectory(core, path, mode) {
  return yield atPath(nr.mkdirat, JOB_WRITES, path, mode & 0o7777);
}

// ---- Functions that node:fs lacks ----

const S_IFMT = 0o170000;

/** Make a device node, a FIFO, a socket or a file: mode with a file type, major, minor. */
function* mknod(core, path, mode, major = 0, minor = 0) {
  path = check.path(path);
  check.integer(mode, 'mode', 0, 0xffff);
  if (![0o10000, 0o20000, 0o60000, 0o100000, 0o140000].includes(mode & S_IFMT))
    throw outOfRange('mode', 'a mode with the type S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO or S_IFSOCK', mode);
  check.integer(major, 'major', 0, 0xfff);
  check.integer(minor, 'minor', 0, 0xfffff);
  const device = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
  ok(yield atPath(nr.mknodat, JOB_WRITES, path, mode, device >>> 0), 'mknod', path);
}

/** Write everything to the image. */
function* sync() {
  ok(yield [nr.sync, 0], 'sync');
}

module.exports = {
  ok, failed, inEncoding, entries, makeDirectory, readArguments,
  access, open, close, chmod, fchmod, fchown, fstat, sizeOf, statfs, ftruncate, futimes, link, symlink,
  readlink, rename, realpath, read, write, readv, writev, mknod, sync,
  chown: owner(0, 'chown'),
  lchown: owner(AT_SYMLINK_NOFOLLOW, 'lchown'),
  stat: status(0, 'stat'),
  lstat: status(AT_SYMLINK_NOFOLLOW, 'lstat'),
  fsync: onFile(nr.fsync, 'fsync'),
  fdatasync: onFile(nr.fdatasync, 'fdatasync'),
  utimes: times(0, 'utime'),
  lutimes: times(AT_SYMLINK_NOFOLLOW, 'lutime'),
  unlink: removal(0, 'unlink'),
  removeDirectory: removal(AT_REMOVEDIR, 'rmdir'),
};
