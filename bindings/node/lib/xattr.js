// SPDX-License-Identifier: GPL-2.0
//
// xattr.js - extended attributes, which node:fs lacks

'use strict';

const native = require('./native.js');
const check = require('./validate.js');
const { argType } = require('./errors.js');
const { ok } = require('./calls.js');

const { nr, JOB_WRITES } = native;
const PATH = 1;
const MAX_SIZE = 65536;

function name(value) {
  if (typeof value !== 'string')
    throw argType('name', 'of type string', value);
  return check.path(value, 'name');
}

const getter = (number, syscall) => function*(core, path, attribute) {
  path = check.path(path);
  attribute = name(attribute);
  const buffer = Buffer.allocUnsafe(MAX_SIZE);
  const length = ok(yield [number, PATH, path, attribute, buffer, buffer.length], syscall, path);
  return Buffer.from(buffer.subarray(0, length));
};

const setter = (number, syscall) => function*(core, path, attribute, value, options) {
  path = check.path(path);
  attribute = name(attribute);
  const bytes = check.data(value, 'utf8', 'value');
  const { create = false, replace = false } = options ?? {};
  ok(yield [number, PATH | JOB_WRITES, path, attribute, bytes, bytes.byteLength,
            (create ? 1 : 0) | (replace ? 2 : 0)], syscall, path);
};

const lister = (number, syscall) => function*(core, path) {
  path = check.path(path);
  const buffer = Buffer.allocUnsafe(MAX_SIZE);
  const length = ok(yield [number, PATH, path, buffer, buffer.length], syscall, path);
  return buffer.toString('utf8', 0, length).split('\0').slice(0, -1);
};

const remover = (number, syscall) => function*(core, path, attribute) {
  path = check.path(path);
  attribute = name(attribute);
  ok(yield [number, PATH | JOB_WRITES, path, attribute], syscall, path);
};

module.exports = {
  getxattr: getter(nr.getxattr, 'getxattr'),
  lgetxattr: getter(nr.lgetxattr, 'lgetxattr'),
  setxattr: setter(nr.setxattr, 'setxattr'),
  lsetxattr: setter(nr.lsetxattr, 'lsetxattr'),
  listxattr: lister(nr.listxattr, 'listxattr'),
  llistxattr: lister(nr.llistxattr, 'llistxattr'),
  removexattr: remover(nr.removexattr, 'removexattr'),
  lremovexattr: remover(nr.lremovexattr, 'lremovexattr'),
};
