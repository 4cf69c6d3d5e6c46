// SPDX-License-Identifier: GPL-2.0
//
// disk.js - open an image

'use strict';

const { fileURLToPath } = require('node:url');
const { types } = require('node:util');
const native = require('./native.js');
const check = require('./validate.js');
const { Core, runPromise } = require('./core.js');
const { argType, argValue, diskError } = require('./errors.js');
const { makeFs } = require('./fs.js');

const TEXTS = ['overlay', 'format', 'snapshot', 'backing', 'fstype', 'mountOptions'];
const NUMBERS = ['memory', 'loglevel', 'replayMemory', 'sectorSize', 'offset', 'size', 'umask',
  'kdfMemory', 'kdfSeconds'];
const BOOLEANS = ['write', 'lock', 'force', 'degraded'];
const KNOWN = new Set([...TEXTS, ...NUMBERS, ...BOOLEANS, 'keys', 'key', 'onNote']);

/** A key for every volume, a list of such, or an object of keys by the path of the volume. */
function readKeys(value) {
  const one = (data, path) => {
    if (typeof data !== 'string' && !types.isUint8Array(data))
      throw argType('options.keys', 'of type string or an instance of Buffer', data);
    return { data: Buffer.from(data), path };
  };
  if (value == null)
    return [];
  let keys;
  if (typeof value === 'string' || types.isUint8Array(value))
    keys = [one(value)];
  else if (Array.isArray(value))
    keys = value.map((data) => one(data));
  else
    keys = Object.entries(check.object(value, 'options.keys')).map(([path, data]) => one(data, path));
  if (keys.length > native.MAX_KEYS)
    throw argValue('options.keys', value, `must have at most ${native.MAX_KEYS} keys`);
  return keys;
}

function readOptions(image, options) {
  const out = { umask: 0o22, flags: 0 };
  if (image instanceof URL)
    image = fileURLToPath(image);
  out.path = String(check.path(image, 'image'));
  if (options === undefined)
    options = {};
  check.object(options);
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name))
      throw argValue(`options.${name}`, options[name], 'is not an option of open()');
  }
  for (const name of TEXTS) {
    if (options[name] != null)
      out[name] = String(check.path(options[name], `options.${name}`));
  }
  for (const name of NUMBERS) {
    if (options[name] != null)
      out[name] = check.integer(options[name], `options.${name}`, 0);
  }
  for (const name of BOOLEANS) {
    if (options[name] != null)
      check.boolean(options[name], `options.${name}`);
  }
  out.flags = (options.write ? 0 : native.DISK_READONLY) |
    (options.lock === false ? native.DISK_NOLOCK : 0) |
    (options.force ? native.DISK_FORCE_WRITE : 0);
  out.degraded = options.degraded ? 1 : 0;
  out.keys = readKeys(options.keys ?? options.key);
  if (options.onNote !== undefined)
    check.callback(options.onNote, 'options.onNote');
  return out;
}

/** Decode the JSON of a description; `kind` says which. */
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
  const core = new Core(read);
  core.onNote = options?.onNote ?? null;
  await core.open();
  remember(core);
  return new Disk(core);
}

module.exports = { open, Disk };
