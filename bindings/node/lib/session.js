// SPDX-License-Identifier: GPL-2.0
//
// session.js - sessions, the functions that @anyfs/core calls in Node.js and Electron
//
// A session is an open image with a number, the handle.  Its paths begin with that number:
// "/1/p2/etc" is /etc in partition 2 of session 1.  A session runs in a sandboxed process of its
// own, because the image may come from anywhere.
//
// Functions that return a number report a failure as a negative errno; the others reject.

'use strict';

const native = require('./native.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const stats = require('./stats.js');
const trees = require('./trees.js');
const { Core, runPromise } = require('./core.js');
const { describe, forget, remember } = require('./disk.js');
const { makeFs } = require('./fs.js');
const { diskError } = require('./errors.js');
const { readOptions } = require('./options.js');

const SESSION_READONLY = 1;
const DEFAULT_MEMORY = 64;
const KERNEL_FILE_MAX = 64 * 1024;
const READ_MAX = 1 << 30;
const EINVAL = -22;
const EIO = -5;
const ENXIO = -6;
const EBADF = -9;
const ENODEV = -19;

let settings = null;		// { memory, loglevel } between kernelInit() and kernelHalt()
let kernel = null;		// { core, fs } of a kernel without an image, for readKernelFile()
let lastHandle = 0;
const sessions = new Map();	// handle -> { core, fs, slots }
const files = new Map();	// descriptor -> its session

let lastError = '';

/** Return the negative errno of an error, and keep its message for sessionError(). */
function errnoOf(error) {
  lastError = error.message;
  return error.errno < 0 ? error.errno : EIO;
}

/** The reason of the last failure that was reported as a number. */
const sessionError = () => lastError;

function openCore(options) {
  const core = new Core(options);
  core.openSync();
  remember(core);
  return core;
}

function closeCore(core) {
  forget(core);
  core.closeSync();
}

/**
 * Set the memory in MiB and the log level of the kernels of later sessions.  Returns 0.  Later
 * calls do not affect sessions that are open.
 */
function kernelInit(memMb = DEFAULT_MEMORY, loglevel = 0) {
  settings = { memory: check.integer(memMb, 'memMb', 1), loglevel: check.integer(loglevel, 'loglevel', 0, 8) };
  return 0;
}

/** Close all sessions, and then throw the first error. */
function kernelHalt() {
  const cores = [...sessions.values()].map(({ core }) => core);
  if (kernel)
    cores.push(kernel.core);
  sessions.clear();
  files.clear();
  kernel = null;
  settings = null;
  const failures = [];
  for (const core of cores) {
    try {
      closeCore(core);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length)
    throw failures[0];
}

/**
 * Open an image.  Returns its handle, or a negative errno.  `flags`: SESSION_READONLY, or 0 to
 * write.
 */
function sessionOpen(path, flags = SESSION_READONLY) {
  if (!settings)
    return errnoOf(diskError(ENODEV, 'the kernel does not run: call kernelInit()'));
  const write = check.integer(flags, 'flags', 0, SESSION_READONLY) === 0;
  const options = readOptions(path, { write, isolate: true, memory: settings.memory });
  try {
    const core = openCore(options);
    sessions.set(++lastHandle, { core, fs: makeFs(core), slots: null });
    return lastHandle;
  } catch (error) {
    return errnoOf(error);
  }
}

/** Write all changes to the image and close it.  Returns 0 or a negative errno. */
function sessionClose(handle) {
  const session = sessions.get(handle);
  if (!session)
    return EBADF;
  sessions.delete(handle);
  for (const [fd, owner] of files) {
    if (owner === session)
      files.delete(fd);
  }
  try {
    closeCore(session.core);
  } catch (error) {
    return errnoOf(error);
  }
  return 0;
}

function find(handle) {
  const session = sessions.get(handle);
  if (!session)
    throw diskError(EBADF, `${handle} is not the handle of an open session`);
  return session;
}

/** The session that a path names, and the path inside the session. */
function locate(path) {
  check.path(path);
  const [, handle, inside] = /^\/(\d+)(\/.*)?$/s.exec(path) ?? [];
  if (handle === undefined)
    throw diskError(EINVAL, `${path}: not the path of a session; sessionEnter() returns such paths`);
  const session = find(Number(handle));
  return { ...session, session, handle, inside: inside ?? '/' };
}

const slotOf = (part, id, parent, index, kind) => ({
  slot_id: id, parent, index, offset: part.start, size: part.size, ptype: part.type, kind,
  fstype: part.fstype, label: part.label, uuid: part.uuid, path: part.path });

/**
 * Append a slot for each partition or volume below `node`; `parent` is the slot of `node`, if any.
 */
function addBelow(slots, parts, node, parent) {
  let index = 0;
  for (const child of node.children) {
    const known = slots.find(({ path }) => path === child.path);
    const part = parts.get(child.path);
    if (known || !part) {
      addBelow(slots, parts, child, known ?? parent);
      continue;
    }
    const id = Math.max(...slots.map((slot) => slot.slot_id)) + 1;
    const slot = slotOf(part, id, parent?.slot_id ?? -1, ++index, child.kind);
    slots.push(slot);
    addBelow(slots, parts, child, slot);
  }
}

/** List the slots: first the partitions by number, or the whole disk as 0, then the volumes. */
async function slotsOf(session) {
  if (session.slots)
    return session.slots;
  const { core } = session;
  const tree = await runPromise(core, describe(core, native.JOB_TREE));
  const parts = new Map((await runPromise(core, describe(core, native.JOB_PARTS)))
    .map((part) => [part.path, part]));
  const slots = [];
  if (parts.has('/'))
    slots.push(slotOf(parts.get('/'), 0, -1, 0, 'disk'));
  for (const { path, kind } of tree.children) {
    const part = path !== '/' && kind === 'partition' && parts.get(path);
    if (part)
      slots.push(slotOf(part, part.number, -1, part.number, kind));
  }
  addBelow(slots, parts, tree, undefined);
  session.slots = slots;
  return slots;
}

/** JSON: the slots of a session. */
async function sessionListJson(handle) {
  const slots = await slotsOf(find(handle));
  return JSON.stringify(slots.map(({ path, ...slot }) => slot));
}

/** JSON: { logical_size, pt_type }; the size in bytes. */
async function sessionMetaJson(handle) {
  const { core } = find(handle);
  const { size, table } = await runPromise(core, describe(core, native.JOB_INFO));
  return JSON.stringify({ logical_size: size, pt_type: table });
}

/** Mount slot `part`, 0: the whole disk, and return the path of its content. */
async function sessionEnter(handle, part, flags = 0) {
  const session = find(handle);
  check.integer(part, 'part', 0);
  if (check.integer(flags, 'flags', 0, SESSION_READONLY) && session.core.writes)
    throw diskError(EINVAL, `${session.core.path}: open the session itself with SESSION_READONLY`);
  const slot = (await slotsOf(session)).find(({ slot_id: id }) => id === part);
  if (!slot && part)
    throw diskError(ENXIO, `${session.core.path}: there is no slot ${part}`);
  const path = slot?.path ?? '/';
  await (await session.fs.promises.opendir(path)).close();
  return `/${handle}${path === '/' ? '' : path}`;
}

const kindOfType = (type) => ({ [stats.DT_DIR]: 'dir', [stats.DT_REG]: 'file', [stats.DT_LNK]: 'link' }[type] ?? 'other');

function* readEntries(core, path) {
  const out = [];
  for (const entry of yield* trees.list(core, path)) {
    const type = yield* trees.typeOf(core, path, entry);
    out.push({ name: stats.decodeName(entry[0], 'utf8'), ino: entry[2], kind: kindOfType(type) });
  }
  return out;
}

/** JSON: [{ name, ino, kind }], sorted by the bytes of the names. */
async function readdirJson(path) {
  const { core, inside } = locate(path);
  return JSON.stringify(await runPromise(core, readEntries(core, inside)));
}

/** Times in seconds. */
function statText(found) {
  const { ino, mode, size, nlink, uid, gid, dev, rdev, blksize, blocks } = found;
  const kind = kindOfType(stats.typeOfMode(mode));
  return JSON.stringify({ ino, mode, size, nlink, mtime: found.mtimeMs / 1000, atime: found.atimeMs / 1000,
                          ctime: found.ctimeMs / 1000, kind, uid, gid, dev, rdev, blksize, blocks });
}

/** JSON: the status of a file, without following a symbolic link. */
async function lstatJson(path) {
  const { fs, inside } = locate(path);
  return statText(await fs.promises.lstat(inside));
}

/** JSON: the status of a file, following a symbolic link. */
async function statJson(path) {
  const { fs, inside } = locate(path);
  return statText(await fs.promises.stat(inside));
}

async function realpath(path) {
  const { fs, handle, inside } = locate(path);
  const found = await fs.promises.realpath(inside);
  return `/${handle}${found === '/' ? '' : found}`;
}

async function readlink(path) {
  const { fs, inside } = locate(path);
  return fs.promises.readlink(inside);
}

/** Open a file with the O_ flags of Linux.  Returns a descriptor or a negative errno. */
async function fileOpen(path, flags = 0) {
  check.integer(flags, 'flags', 0);
  try {
    const { core, session, inside } = locate(path);
    const fd = await runPromise(core, calls.open(core, inside, flags, 0o666));
    files.set(fd, session);
    return fd;
  } catch (error) {
    return errnoOf(error);
  }
}

/**
 * Read up to `n` bytes at `off`.  Returns { rc, data }; rc is the number of bytes or a negative
 * errno.
 */
async function pread(fd, n, off) {
  check.integer(n, 'n', 0, READ_MAX);
  check.integer(off, 'off', 0);
  const session = files.get(fd);
  if (!session)
    return { rc: EBADF, data: new Uint8Array(0) };
  const data = Buffer.allocUnsafeSlow(n);
  try {
    const { bytesRead } = await runPromise(session.core, calls.read(session.core, fd, data, 0, n, off));
    return { rc: bytesRead, data: new Uint8Array(data.buffer, 0, bytesRead) };
  } catch (error) {
    return { rc: errnoOf(error), data: new Uint8Array(0) };
  }
}

/** Close a descriptor.  Returns 0 or a negative errno. */
async function fileClose(fd) {
  const session = files.get(fd);
  if (!session)
    return EBADF;
  files.delete(fd);
  try {
    await runPromise(session.core, calls.close(session.core, fd));
  } catch (error) {
    return errnoOf(error);
  }
  return 0;
}

/** The text of a file of the kernel itself, such as /proc/filesystems; at most 64 KiB. */
async function readKernelFile(path) {
  if (!settings)
    throw diskError(ENODEV, 'the kernel does not run: call kernelInit()');
  if (!kernel) {
    const core = openCore({ memory: settings.memory, umask: 0o22, kernelOnly: true, writes: true,
                            answerTimeout: 0 });
    kernel = { core, fs: makeFs(core) };
  }
  const handle = await kernel.fs.promises.open(path);
  try {
    const buffer = Buffer.alloc(KERNEL_FILE_MAX);
    let length = 0;
    for (let some = 1; some > 0 && length < buffer.length; length += some)
      some = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
    return buffer.toString('utf8', 0, length);
  } finally {
    await handle.close();
  }
}

module.exports = {
  SESSION_READONLY, sessionError, kernelInit, kernelHalt, sessionOpen, sessionClose, sessionListJson, sessionMetaJson,
  sessionEnter, readKernelFile, readdirJson, lstatJson, statJson, realpath, readlink, fileOpen, pread,
  fileClose,
};
