// SPDX-License-Identifier: GPL-2.0
//
// errors.js - errors in the shape of node-lkl: "ENOENT, No such file or directory"

'use strict';

const os = require('node:os');
const { internal } = require('@anyfs/native');

function lklError(code, reason) {
  const errno = os.constants.errno[code];
  const error = new Error(`${code}, ${reason ?? internal.native.strerror(errno)}`);
  error.code = code;
  error.errno = errno;
  return error;
}

/** An error of @anyfs/native in the shape of node-lkl. */
function convert(error) {
  if (error?.code === 'ERR_INVALID_ARG_TYPE' && /^The "(path|oldPath|newPath|existingPath|src|dest|target)" /.test(error.message))
    return new TypeError('Path must be a string or a Buffer.');
  if (!(error?.errno < 0))
    return error;
  const errno = -error.errno;
  const out = new Error(`${error.code}, ${internal.native.strerror(errno)}`, { cause: error });
  for (const member of ['code', 'syscall', 'path', 'dest'])
    if (error[member] !== undefined)
      out[member] = error[member];
  out.errno = errno;
  return out;
}

module.exports = { lklError, convert };
