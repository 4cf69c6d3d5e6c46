// SPDX-License-Identifier: GPL-2.0
//
// native.js - load the module that was compiled from src/

'use strict';

let native;
try {
  native = require('../anyfs.node');
} catch (cause) {
  const error = new Error(`@anyfs/native: cannot load anyfs.node: ${cause.message}; ` +
                          'build it with "make node", or install libanyfs', { cause });
  error.code = 'ERR_DLOPEN_FAILED';
  throw error;
}

const { version } = require('../package.json');
if (native.version !== version) {
  const error = new Error(`@anyfs/native: version ${version} needs libanyfs ${version}, ` +
                          `but found ${native.version}`);
  error.code = 'ERR_ANYFS_VERSION';
  throw error;
}

module.exports = native;
