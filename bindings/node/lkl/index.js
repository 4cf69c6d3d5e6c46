// SPDX-License-Identifier: GPL-2.0
//
// The interface of node-lkl on @anyfs/native.  All functions are enumerable members, so that
// Bluebird's promisifyAll() finds them.

'use strict';

const { api } = require('./lib/kernel.js');

module.exports = {
  ...api,
  fs: require('./lib/fs.js'),
  disk: require('./lib/disk.js'),
  utils: require('./lib/utils.js'),
  constants: require('./lib/constants.js'),
  withMountedDisk: require('./lib/mounted-disk.js').withMountedDisk,
};
