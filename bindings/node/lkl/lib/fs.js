// SPDX-License-Identifier: GPL-2.0
//
// fs.js - lkl.fs: every function of node:fs, on the whole tree of the running kernel

'use strict';

const { internal } = require('@anyfs/native');
const { current } = require('./kernel.js');
const { convert } = require('./errors.js');

// The kernel may be started after this file is loaded, and again after it was halted.
const core = new Proxy({}, {
  get(target, name) {
    const kernel = current();
    const value = kernel[name];
    return typeof value === 'function' ? value.bind(kernel) : value;
  },
});

function converted(body) {
  return function(...args) {
    const callback = args.at(-1);
    if (typeof callback === 'function')
      args[args.length - 1] = (error, ...rest) =>
        (error ? callback(convert(error)) : callback(error, ...rest));
    try {
      return body.apply(this, args);
    } catch (error) {
      throw convert(error);
    }
  };
}

/** Functions that wrap() does not convert: exists() has no error, and the others return objects. */
const UNCHANGED = new Set(['exists', 'existsSync', 'createReadStream', 'createWriteStream', 'watch',
  'watchFile', 'unwatchFile']);

function wrap(made) {
  const out = {};
  for (const [name, value] of Object.entries(made)) {
    const isClass = /^[A-Z]/.test(name);
    out[name] = typeof value === 'function' && !isClass && !UNCHANGED.has(name) ? converted(value) : value;
  }
  out.promises = {};
  for (const [name, value] of Object.entries(made.promises)) {
    const isCall = typeof value === 'function' && !/^[A-Z]/.test(name) && !['watch', 'glob'].includes(name);
    out.promises[name] = isCall ? (...args) => value(...args).catch((error) => {
      throw convert(error);
    }) : value;
  }
  return out;
}

const fs = wrap(internal.makeFs(core));
// Streams call the functions with the converted errors.
for (const [name, Stream] of [['createReadStream', 'ReadStream'], ['createWriteStream', 'WriteStream']])
  fs[name] = (path, options) => new fs[Stream](path, {
    ...(typeof options === 'string' ? { encoding: options } : options), fs: options?.fs ?? fs,
  });

module.exports = fs;
