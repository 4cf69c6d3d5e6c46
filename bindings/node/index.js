// SPDX-License-Identifier: GPL-2.0

'use strict';

const { open, Disk } = require('./lib/disk.js');
const session = require('./lib/session.js');
const { version } = require('./package.json');

module.exports = { open, Disk, version, ...session };

// Internal: only for the package lkl, whose version is always the same.
Object.defineProperty(module.exports, 'internal', { value: require('./lib/internal.js') });
