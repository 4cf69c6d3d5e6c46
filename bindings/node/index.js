// SPDX-License-Identifier: GPL-2.0

'use strict';

const { open, Disk } = require('./lib/disk.js');
const session = require('./lib/session.js');
const { version } = require('./package.json');

module.exports = { open, Disk, version, ...session };

// Internal: for the package lkl, which has the same version.
Object.defineProperty(module.exports, 'internal', { value: require('./lib/internal.js') });
