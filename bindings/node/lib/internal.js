// SPDX-License-Identifier: GPL-2.0
//
// internal.js - the functions of this package that the package lkl uses

'use strict';

const native = require('./native.js');
const { Core, runSync, runCallback } = require('./core.js');
const { remember, forget } = require('./disk.js');
const { systemError } = require('./errors.js');
const { makeFs } = require('./fs.js');

module.exports = { native, Core, runSync, runCallback, remember, forget, systemError, makeFs };
