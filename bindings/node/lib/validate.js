// SPDX-License-Identifier: GPL-2.0
//
// validate.js - check arguments like node:fs, and convert them

'use strict';

const fs = require('node:fs');
const { fileURLToPath } = require('node:url');
const { types } = require('node:util');
const { argType, argValue, outOfRange } = require('./errors.js');

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = fs.constants;

/** A path: a string or a Buffer without NUL. */
function path(value, name = 'path') {
  if (value instanceof URL || (value?.href && value.protocol && value.auth === undefined))
    value = fileURLToPath(value);
  if (typeof value === 'string') {
    if (value.includes('\0'))
      throw argValue(name, value, 'must be a string, Uint8Array, or URL without null bytes');
    return value;
  }
  if (!types.isUint8Array(value))
    throw argType(name, 'of type string or an instance of Buffer or URL', value);
  if (value.includes(0))
    throw argValue(name, value, 'must be a string, Uint8Array, or URL without null bytes');
  return value;
}

function integer(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== 'number')
    throw argType(name, 'of type number', value);
  if (!Number.isInteger(value))
    throw outOfRange(name, 'an integer', value);
  if (value < min || value > max)
    throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return value;
}

const fd = (value, name = 'fd') => integer(value, name, 0, 2147483647);
const int32 = (value, name) => integer(value, name, -2147483648, 2147483647);
const id = (value, name) => integer(value, name, -1, 4294967295);

/** File permissions: a number, or a string of octal digits. */
function mode(value, name, byDefault) {
  value ??= byDefault;
  if (typeof value === 'string') {
    if (!/^[0-7]+$/.test(value))
      throw argValue(name, value, 'must be a 32-bit unsigned integer or an octal string');
    value = Number.parseInt(value, 8);
  }
  return integer(value, name, 0, 4294967295);
}

const flagNames = new Map([
  ['r', O_RDONLY], ['rs', O_RDONLY | O_SYNC], ['sr', O_RDONLY | O_SYNC],
  ['r+', O_RDWR], ['rs+', O_RDWR | O_SYNC], ['sr+', O_RDWR | O_SYNC],
  ['w', O_TRUNC | O_CREAT | O_WRONLY], ['wx', O_TRUNC | O_CREAT | O_WRONLY | O_EXCL],
  ['w+', O_TRUNC | O_CREAT | O_RDWR], ['wx+', O_TRUNC | O_CREAT | O_RDWR | O_EXCL],
  ['a', O_APPEND | O_CREAT | O_WRONLY], ['ax', O_APPEND | O_CREAT | O_WRONLY | O_EXCL],
  ['as', O_APPEND | O_CREAT | O_WRONLY | O_SYNC],
  ['a+', O_APPEND | O_CREAT | O_RDWR], ['ax+', O_APPEND | O_CREAT | O_RDWR | O_EXCL],
  ['as+', O_APPEND | O_CREAT | O_RDWR | O_SYNC],
]);
for (const [a, b] of [['wx', 'xw'], ['wx+', 'xw+'], ['ax', 'xa'], ['ax+', 'xa+'], ['as', 'sa'],
  ['as+', 'sa+']])
  flagNames.set(b, flagNames.get(a));

/** Flags of open(): a number, or a string such as "r+". */
function flags(value, name = 'flags') {
  if (typeof value === 'number')
    return int32(value, name);
  if (value == null)
    return O_RDONLY;
  const number = flagNames.get(value);
  if (number === undefined)
    throw argValue(name, value);
  return number;
}

function encoding(value, name = 'encoding') {
  if (value && value !== 'buffer' && !Buffer.isEncoding(value))
    throw argValue(name, value, 'is invalid encoding');
  return value;
}

/** Options that are an object, or a string that stands for the encoding. */
function options(value, defaults) {
  if (value == null || typeof value === 'function')
    return defaults;
  if (typeof value === 'string')
    value = { ...defaults, encoding: value };
  else if (typeof value !== 'object')
    throw argType('options', 'one of type string or object', value);
  encoding(value.encoding);
  const { signal } = value;
  if (signal !== undefined && (typeof signal !== 'object' || !signal || !('aborted' in signal)))
    throw argType('options.signal', 'an instance of AbortSignal', signal);
  return { ...defaults, ...value };
}

function object(value, name = 'options') {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw argType(name, 'of type object', value);
  return value;
}

function boolean(value, name) {
  if (typeof value !== 'boolean')
    throw argType(name, 'of type boolean', value);
  return value;
}

/** A time as seconds: a number, a string of a number, or a Date. */
function seconds(value, name = 'time') {
  if (typeof value === 'string' && +value == value) // eslint-disable-line eqeqeq
    return +value;
  if (Number.isFinite(value))
    return value < 0 && process.version < 'v18' ? Date.now() / 1000 : value;
  if (types.isDate(value))
    return value.getTime() / 1000;
  throw argType(name, 'an instance of Date or an Time in seconds', value);
}

/** Two struct timespec for utimensat(). */
function timespecs(atime, mtime) {
  const out = Buffer.alloc(32);
  [seconds(atime), seconds(mtime)].forEach((time, i) => {
    const whole = Math.floor(time);
    out.writeBigInt64LE(BigInt(whole), 16 * i);
    out.writeBigInt64LE(BigInt(Math.floor((time - whole) * 1e6)) * 1000n, 16 * i + 8);
  });
  return out;
}

/** Bytes of a typed array or a DataView, without a copy. */
function bytes(value, name = 'buffer') {
  if (types.isUint8Array(value))
    return value;
  if (!ArrayBuffer.isView(value))
    throw argType(name, 'an instance of Buffer, TypedArray, or DataView', value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function vector(value, name = 'buffers') {
  if (!Array.isArray(value) || !value.every(ArrayBuffer.isView))
    throw argType(name, 'an ArrayBufferView[]', value);
  return value.map((element) => bytes(element));
}

/** A position in a file; -1: the current one. */
function position(value, name = 'position') {
  if (value == null)
    return -1;
  if (typeof value === 'bigint') {
    if (value < -1n || value > 2n ** 63n - 1n)
      throw outOfRange(name, `>= -1 && <= ${2n ** 63n - 1n}`, value);
    return value;
  }
  if (typeof value !== 'number')
    throw argType(name, 'of type bigint or integer', value);
  return integer(value, name, -1);
}

/** The range offset...offset+length of a buffer with `size` bytes. */
function range(offset, length, size) {
  integer(offset, 'offset', 0);
  if (offset > size)
    throw outOfRange('offset', `<= ${size}`, offset);
  integer(length, 'length', 0);
  if (length > size - offset)
    throw outOfRange('length', `<= ${size - offset}`, length);
}

function callback(value, name = 'cb') {
  if (typeof value !== 'function')
    throw argType(name, 'of type function', value);
  return value;
}

/** Data to write: a string with its encoding, or bytes. */
function data(value, enc, name = 'data') {
  if (typeof value === 'string')
    return Buffer.from(value, enc || 'utf8');
  if (!ArrayBuffer.isView(value))
    throw argType(name, 'of type string or an instance of Buffer, TypedArray, or DataView', value);
  return bytes(value);
}

module.exports = { path, integer, fd, int32, id, mode, flags, encoding, options, object, boolean,
                   seconds, timespecs, bytes, vector, position, range, callback, data };
