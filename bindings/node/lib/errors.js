// SPDX-License-Identifier: GPL-2.0
//
// errors.js - errors with the codes, members and messages of Node.js

'use strict';

const os = require('node:os');
const util = require('node:util');
const native = require('./native.js');

const systemErrors = util.getSystemErrorMap();

// Names of Linux errors that Node.js does not name.
const names = new Map(Object.entries(os.constants.errno).map(([name, number]) => [-number, name]));
for (const [number, name] of [[-117, 'EUCLEAN'], [-124, 'EMEDIUMTYPE'], [-126, 'ENOKEY'],
  [-129, 'EKEYREJECTED'], [-44, 'ECHRNG'], [-74, 'EBADMSG'], [-61, 'ENODATA']])
  names.set(number, name);

/** The name and the text of a negative error number. */
function describe(errno) {
  return systemErrors.get(errno) ??
    [names.get(errno) ?? `E${-errno}`, native.strerror(errno).toLowerCase()];
}

// For each error, the result from which it was made.
const results = new WeakMap();

const shown = (path) => (Buffer.isBuffer(path) ? path.toString() : path);

/**
 * The error of a system call.  `result` is a negative number, or an array of this number and a
 * reason.
 */
function systemError(result, syscall, path, dest) {
  const [errno, reason] = Array.isArray(result) ? result : [result];
  const [code, text] = describe(errno);
  let message = `${code}: ${reason ?? text}, ${syscall}`;
  if (path !== undefined)
    message += ` '${shown(path)}'`;
  if (dest !== undefined)
    message += ` -> '${shown(dest)}'`;
  const error = new Error(message);
  results.set(error, result);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined)
    error.path = shown(path);
  if (dest !== undefined)
    error.dest = shown(dest);
  return error;
}

/** The same failure as the error of another operation. */
function relabel(error, syscall, path, dest) {
  return results.has(error) ? systemError(results.get(error), syscall, path, dest) : error;
}

/** An error of the image or the kernel: "object: reason; what to do", with a code. */
function diskError(errno, text, path) {
  const error = new Error(text ?? describe(errno)[1]);
  error.errno = errno;
  error.code = describe(errno)[0];
  error.path = path;
  return error;
}

/** The process of an isolated kernel has ended: because of the timeout, or unexpectedly. */
function deathError([errno, reason], path) {
  const [code, advice] = errno === -110 ? ['ERR_DISK_TIMEOUT', 'open it with a larger timeout'] :
    ['ERR_DISK_DIED', 'open it again'];
  const error = new Error(`${path}: ${reason}; ${advice}`);
  error.code = code;
  error.path = path;
  return error;
}

/** A synchronous call would wait for an answer that only the event loop can deliver. */
function asyncError(path) {
  const error = new Error(`${path}: the disk or its key answers with a promise, which a ` +
                          'synchronous call cannot wait for; use disk.fs.promises');
  error.code = 'ERR_DISK_ASYNC';
  error.path = path;
  return error;
}

/** Like in errors of Node itself, the name includes the code while the stack trace is created. */
function nodeError(Base, code, message) {
  const error = new Base(message);
  const { name } = error;
  Object.defineProperty(error, 'name', { value: `${name} [${code}]`, configurable: true, writable: true });
  void error.stack;
  delete error.name;
  error.code = code;
  error.toString = function() { return `${this.name} [${code}]: ${this.message}`; };
  Object.defineProperty(error, 'toString', { enumerable: false });
  return error;
}

function received(value) {
  if (value == null)
    return ` Received ${value}`;
  if (typeof value === 'function')
    return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor?.name)
      return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${util.inspect(value, { depth: -1 })}`;
  }
  let text = util.inspect(value, { colors: false });
  if (text.length > 28)
    text = `${text.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${text})`;
}

/** "The "path" argument must be ..."; a name with a dot is a property. */
function argType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument';
  return nodeError(TypeError, 'ERR_INVALID_ARG_TYPE',
                   `The "${name}" ${kind} must be ${expected}.${received(value)}`);
}

function argValue(name, value, reason = 'is invalid') {
  let text = util.inspect(value);
  if (text.length > 128)
    text = `${text.slice(0, 128)}...`;
  const kind = name.includes('.') ? 'property' : 'argument';
  return nodeError(TypeError, 'ERR_INVALID_ARG_VALUE',
                   `The ${kind} '${name}' ${reason}. Received ${text}`);
}

function withSeparators(value) {
  const text = String(value);
  const match = /^(-?)(\d+)$/.exec(text);
  if (!match || Math.abs(Number(value)) <= 2 ** 32)
    return text;
  return match[1] + match[2].replace(/\B(?=(\d{3})+$)/g, '_');
}

function outOfRange(name, range, value) {
  const text = typeof value === 'bigint' ? `${withSeparators(value)}n` :
    typeof value === 'number' && Number.isInteger(value) ? withSeparators(value) : util.inspect(value);
  return nodeError(RangeError, 'ERR_OUT_OF_RANGE',
                   `The value of "${name}" is out of range. It must be ${range}. Received ${text}`);
}

function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

/** Node's SystemError of the functions rm and cp. */
function fsError(code, message, errno, syscall, path, more) {
  const [name, text] = describe(errno);
  const error = nodeError(Error, code,
                          `${message}: ${syscall} returned ${name} (${more ?? text}) ${path}`);
  error.errno = -errno;
  error.syscall = syscall;
  error.path = path;
  return error;
}

/** Whether a function with a callback throws this error instead of passing it to the callback. */
const isMisuse = (error) => typeof error?.code === 'string' &&
  /^ERR_(INVALID_ARG|OUT_OF_RANGE|DISK_CLOSED)/.test(error.code);

module.exports = { systemError, relabel, diskError, deathError, asyncError, describe, nodeError, argType, argValue, outOfRange,
                   abortError, fsError, isMisuse };
