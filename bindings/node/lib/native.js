// SPDX-License-Identifier: GPL-2.0
//
// native.js - load the module that was compiled from src/
//
// The module of each platform is in a separate package, so that npm installs only the
// package that the machine needs.

'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { version } = require('../package.json');

const platform = `${process.platform}-${process.arch}`;
const platforms = ['linux-x64'];

function refuse(code, reason, cause) {
  const error = new Error(`@anyfs/native: ${reason}`, { cause });
  error.code = code;
  throw error;
}

function load() {
  const name = `@anyfs/native-${platform}`;
  if (!platforms.includes(platform))
    refuse('ERR_ANYFS_PLATFORM', `there is no module for ${platform}; it runs on ${platforms}`);
  let file;
  try {
    file = require.resolve(`${name}/anyfs.node`);
  } catch (cause) {
    refuse('ERR_ANYFS_PLATFORM', `the package ${name}, which holds the compiled module, is not ` +
           'installed; run npm install without --omit=optional, or build it with "make node"', cause);
  }
  try {
    return require(file);
  } catch (cause) {
    return refuse('ERR_DLOPEN_FAILED', `cannot load ${file}: ${cause.message}; ` +
                  'install the missing library, or this package again', cause);
  }
}

const native = load();
if (native.version !== version)
  refuse('ERR_ANYFS_VERSION', `version ${version} needs libanyfs ${version}, ` +
         `but found ${native.version}; install the same version of both packages`);

/** The path of the program that runs an isolated kernel; undefined if it is missing. */
native.workerPath = () => {
  const directory = path.dirname(require.resolve(`@anyfs/native-${platform}/anyfs.node`));
  // The program is in the package from npm, or below the prefix whose lib/node_modules has this
  // package.
  return ['.', '../../../..'].map((prefix) =>
    path.join(directory, prefix, 'libexec/anyfs/anyfs-node-kernel')).find((file) => existsSync(file));
};

module.exports = native;
