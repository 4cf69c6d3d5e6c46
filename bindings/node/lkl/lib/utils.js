// SPDX-License-Identifier: GPL-2.0
//
// utils.js - disposers of Bluebird, for Promise.using()

'use strict';

const { api } = require('./kernel.js');

function promised(name, ...args) {
  const Bluebird = require('bluebird');
  return Bluebird.fromCallback((callback) => api[name](...args, callback));
}

/** The id of the disk, which is removed at the end. */
const attachDisk = (disk) => promised('diskAdd', disk).disposer((id) => promised('diskRemove', id));

/** The mount point of a partition, which is unmounted at the end. */
const mountPartition = (id, options) =>
  promised('mount', id, options).disposer((point) => promised('umount', point));

module.exports = { attachDisk, mountPartition };
