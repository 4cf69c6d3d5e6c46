// SPDX-License-Identifier: GPL-2.0
//
// options.js - check the arguments of open() and convert them for the module

'use strict';

const { fileURLToPath } = require('node:url');
const { types } = require('node:util');
const native = require('./native.js');
const check = require('./validate.js');
const { argType, argValue, nodeError } = require('./errors.js');
const { sizeOf, isDisk } = require('./answers.js');

const TEXTS = ['overlay', 'format', 'snapshot', 'backing', 'fstype', 'mountOptions', 'cacheFile',
  'password'];
const NUMBERS = ['memory', 'loglevel', 'replayMemory', 'sectorSize', 'offset', 'size', 'umask',
  'kdfMemory', 'kdfSeconds', 'cacheSize', 'netTimeout', 'timeout', 'answerTimeout'];
const BOOLEANS = ['write', 'lock', 'force', 'degraded', 'download', 'isolate'];
const KNOWN = new Set([...TEXTS, ...NUMBERS, ...BOOLEANS, 'keys', 'key', 'headers', 'onNote']);
const ANSWER_MS = 60000;

/** Read options.keys: one key, a list of keys, or an object that maps a volume's path to its key. */
function readKeys(value) {
  const toKey = (data, path) => {
    if (typeof data !== 'string' && !types.isUint8Array(data))
      throw argType('options.keys', 'of type string or an instance of Buffer', data);
    return { data: Buffer.from(data), path };
  };
  if (value == null)
    return [];
  let keys;
  if (typeof value === 'string' || types.isUint8Array(value))
    keys = [toKey(value)];
  else if (Array.isArray(value))
    keys = value.map((data) => toKey(data));
  else
    keys = Object.entries(check.object(value, 'options.keys')).map(([path, data]) => toKey(data, path));
  if (keys.length > native.MAX_KEYS)
    throw argValue('options.keys', value, `must have at most ${native.MAX_KEYS} keys`);
  return keys;
}

/** Read options.headers: an array of "Name: value". */
function readHeaders(value) {
  return Object.entries(check.object(value, 'options.headers')).map(([name, text]) => {
    if (!/^[!#-'*+.^-z|~\w-]+$/.test(name) || /[\r\n\0]/.test(String(text)))
      throw argValue('options.headers', `${name}: ${text}`, 'is not an HTTP header');
    return `${name}: ${text}`;
  });
}

/** The path or address of an image; for a disk in JavaScript, the name that messages show. */
function readImage(image) {
  if (isDisk(image))
    return typeof image.name === 'string' ? image.name : 'disk';
  if (image instanceof URL)
    image = image.protocol === 'file:' ? fileURLToPath(image) : image.href;
  return String(check.path(image, 'image'));
}

function readIsolation(options, out) {
  if (options.timeout && !options.isolate)
    throw argValue('options.timeout', options.timeout,
                   'needs isolate: true, since only a separate process can be ended');
  if (!options.isolate)
    return;
  out.worker = native.workerPath();
  if (!out.worker)
    throw nodeError(Error, 'ERR_ANYFS_PLATFORM', '@anyfs/native: the program anyfs-node-kernel ' +
                    'is missing; install the package again');
}

function checkTypes(options, out) {
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
  if (options.onNote !== undefined)
    check.callback(options.onNote, 'options.onNote');
}

/** Convert the options for the module; the member `customSize` may be a promise. */
function readOptions(image, options = {}) {
  const out = { umask: 0o22, answerTimeout: ANSWER_MS, path: readImage(image) };
  check.object(options);
  checkTypes(options, out);
  out.writes = options.write === true;
  out.flags = (options.write ? 0 : native.DISK_READONLY) |
    (options.lock === false ? native.DISK_NOLOCK : 0) |
    (options.force ? native.DISK_FORCE_WRITE : 0);
  out.degraded = options.degraded ? 1 : 0;
  out.download = options.download ? 1 : 0;
  if (options.headers != null)
    out.headers = readHeaders(options.headers);
  const keys = options.keys ?? options.key;
  out.keys = typeof keys === 'function' ? keys : readKeys(keys);
  out.askKeys = typeof keys === 'function' ? 1 : 0;
  readIsolation(options, out);
  if (isDisk(image)) {
    const writes = out.writes && options.overlay == null;
    out.custom = image;
    out.customWrite = writes ? 1 : 0;
    out.customSize = sizeOf(image, writes);
  }
  return out;
}

module.exports = { readOptions };
