// SPDX-License-Identifier: GPL-2.0
//
// The calls that compare.js makes, in this order.  Later calls see the files of earlier ones.

'use strict';

const { pathToFileURL } = require('node:url');
const { constants } = require('node:fs');

const NUMBER_DATE = 1500000000.25;

function makeAndRemove(p) {
  return [
    ['mkdir', p('d')], ['mkdir', p('d')], ['mkdir', p('none/d')], ['mkdir', p('m'), 0o750],
    ['mkdir', p('o'), { mode: '0711' }], ['mkdir', p('r/e/c'), { recursive: true }],
    ['mkdir', p('r/e/c'), { recursive: true }], ['mkdir', p('r/e/d/'), { recursive: true }],
    ['mkdir', Buffer.from(p('buffer'))], ['mkdir', pathToFileURL(p('url'))],
    ['stat', p('d')], ['stat', p('m')], ['stat', p('o')], ['stat', p('none')], ['stat', p('d'), { bigint: true }],
    ['lstat', p('none')], ['rmdir', p('o')], ['rmdir', p('o')], ['rmdir', p('r')],
    ['writeFile', p('f'), 'text'], ['mkdir', p('f')], ['mkdir', p('f/g')], ['rmdir', p('f')],
    ['mkdir', p('f/g'), { recursive: true }], ['mkdir', p('f'), { recursive: true }],
    ['readdir', p('.')], ['readdir', p('none')], ['readdir', p('f')],
    ['readdir', p('.'), { withFileTypes: true }], ['readdir', p('.'), 'buffer'],
    ['readdir', p('.'), { encoding: 'hex' }],
    ['readdir', p('r'), { recursive: true }],
    ['readdir', p('r'), { recursive: true, withFileTypes: true }],
    ['opendir', p('d')], ['opendir', p('none')], ['opendir', p('f')],
    ['mkdtemp', p('none/temporary-')],
    ['statfs', p('.')], ['statfs', p('none')], ['statfs', p('.'), { bigint: true }],
  ];
}

function wholeFiles(p) {
  return [
    ['writeFile', p('t'), 'häl\u{1f600}lo'], ['readFile', p('t')], ['readFile', p('t'), 'utf8'],
    ['readFile', p('t'), { encoding: 'latin1' }], ['readFile', p('t'), { encoding: 'base64', flag: 'r' }],
    ['readFile', p('t'), null], ['readFile', p('none')], ['readFile', p('d')], ['readFile', p('t/x')],
    ['readFile', p('x'.repeat(300))], ['readFile', p('')], ['readFile', ''],
    ['writeFile', p('b'), Buffer.alloc(300000, 'abc')], ['readFile', p('b')],
    ['writeFile', p('w'), new Uint16Array([1, 2, 3])], ['readFile', p('w')],
    ['writeFile', p('w'), 'ff00', 'hex'], ['readFile', p('w')],
    ['writeFile', p('w'), 'x', { flag: 'wx' }], ['writeFile', p('w'), 'x', { flag: 'a' }],
    ['writeFile', p('mode'), 'x', { mode: 0o640 }], ['stat', p('mode')],
    ['writeFile', p('none/f'), 'x'], ['writeFile', p('d'), 'x'], ['writeFile', p('e'), ''],
    ['readFile', p('e'), 'utf8'], ['appendFile', p('e'), 'one'], ['appendFile', p('e'), Buffer.from('two')],
    ['readFile', p('e'), 'utf8'], ['appendFile', p('new'), 'n'], ['appendFile', p('d'), 'n'],
    ['truncate', p('b'), 10], ['readFile', p('b')], ['truncate', p('b')], ['stat', p('b')],
    ['truncate', p('b'), 4096], ['stat', p('b')], ['truncate', p('none'), 1], ['truncate', p('d'), 1],
    ['copyFile', p('t'), p('copy')], ['readFile', p('copy')], ['copyFile', p('t'), p('copy')],
    ['copyFile', p('t'), p('copy'), constants.COPYFILE_EXCL], ['copyFile', p('none'), p('copy')],
    ['copyFile', p('t'), p('none/copy')], ['copyFile', p('t'), p('t')], ['copyFile', p('t'), p('d')],
    ['stat', p('copy')], ['copyFile', p('mode'), p('copy2')], ['stat', p('copy2')],
  ];
}

function links(p) {
  return [
    ['symlink', 't', p('s')], ['symlink', p('t'), p('absolute')], ['symlink', 'none', p('dangling')],
    ['symlink', 't', p('s')], ['symlink', 't', p('none/s')], ['symlink', Buffer.from('t'), p('bytes')],
    ['symlink', 'loop', p('loop')], ['readFile', p('loop')], ['stat', p('loop')], ['lstat', p('loop')],
    ['readlink', p('s')], ['readlink', p('absolute')], ['readlink', p('s'), 'buffer'],
    ['readlink', p('t')], ['readlink', p('none')], ['readlink', p('bytes')],
    ['stat', p('s')], ['lstat', p('s')], ['stat', p('dangling')], ['readFile', p('s'), 'utf8'],
    ['readFile', p('absolute'), 'utf8'], ['writeFile', p('dangling'), 'made'], ['readFile', p('none'), 'utf8'],
    ['unlink', p('none')], ['link', p('t'), p('hard')], ['stat', p('hard')], ['link', p('t'), p('hard')],
    ['link', p('none'), p('hard2')], ['link', p('d'), p('hard2')], ['link', p('s'), p('hard3')],
    ['lstat', p('hard3')], ['unlink', p('hard')], ['unlink', p('hard')], ['unlink', p('d')], ['stat', p('t')],
    ['realpath', p('s')], ['realpath', p('d/../s')], ['realpath', p('none')], ['realpath', p('s'), 'buffer'],
    ['rename', p('t'), p('t2')], ['rename', p('t2'), p('t')], ['rename', p('none'), p('t')],
    ['rename', p('t'), p('d')], ['rename', p('d'), p('t')], ['rename', p('t'), p('none/t')],
    ['rename', p('r'), p('r/e/x')], ['readdir', p('.'), { withFileTypes: true }],
  ];
}

function attributes(p) {
  return [
    ['access', p('t')], ['access', p('t'), constants.R_OK | constants.W_OK], ['access', p('none')],
    ['access', p('t/x')],
    ['chmod', p('t'), 0o600], ['stat', p('t')], ['chmod', p('t'), '755'], ['stat', p('t')],
    ['chmod', p('none'), 0o600], ['chown', p('t'), process.getuid(), process.getgid()],
    ['chown', p('none'), 1, 1], ['lchown', p('s'), process.getuid(), process.getgid()],
    ['lchown', p('none'), 1, 1],
    ['utimes', p('t'), NUMBER_DATE, 1600000000], ['utimes', p('t'), new Date(1e12), '1234567890'],
    ['utimes', p('none'), 1, 1], ['lutimes', p('s'), 1000, 2000], ['lutimes', p('none'), 1, 1],
  ];
}

function removals(p) {
  return [
    ['cp', p('r'), p('r2'), { recursive: true }], ['readdir', p('r2'), { recursive: true }],
    ['cp', p('t'), p('t3')], ['readFile', p('t3')], ['cp', p('none'), p('t3')],
    ['cp', p('t'), p('deep/er/t')], ['readFile', p('deep/er/t')],
    ['rm', p('none')], ['rm', p('none'), { force: true }], ['rm', p('t3')], ['stat', p('t3')],
    ['rm', p('r2'), { recursive: true }], ['stat', p('r2')], ['rm', p('deep'), { recursive: true, force: true }],
    ['stat', p('deep')], ['rm', p('s')], ['stat', p('t')],
  ];
}

/** Pass a wrong value for each argument of each function: TypeErrors and RangeErrors. */
function misuse(p) {
  const out = [];
  const wrong = [undefined, null, 5, true, {}, [], 1n, 'a\0b', Buffer.from('a\0b')];
  for (const name of ['access', 'lstat', 'stat', 'mkdir', 'readdir', 'readlink', 'unlink', 'rmdir',
    'opendir', 'statfs', 'mkdtemp'])
    for (const value of wrong)
      out.push([name, value]);
  for (const value of wrong) {
    out.push(['rename', value, p('x')], ['rename', p('x'), value], ['link', value, p('x')],
             ['link', p('x'), value], ['copyFile', value, p('x')], ['copyFile', p('x'), value],
             ['symlink', p('x'), value], ['chmod', value, 0o600], ['chown', value, 1, 1],
             ['utimes', value, 1, 1]);
  }
  for (const value of [undefined, null, 'x', '9', 1.5, 2 ** 32, NaN, {}, true])
    out.push(['chmod', p('t'), value], ['chown', p('t'), value, 1], ['chown', p('t'), 1, value]);
  for (const value of [undefined, null, {}, 'x', true, NaN, Infinity])
    out.push(['utimes', p('t'), value, 1], ['utimes', p('t'), 1, value]);
  for (const value of ['bad', 5, true])
    out.push(['readFile', p('t'), value], ['readdir', p('.'), value], ['readlink', p('s'), value]);
  for (const value of [undefined, null, 5, {}, true, Symbol.iterator.description.length])
    out.push(['writeFile', p('w'), value]);
  for (const value of ['z', 'rw', {}, true])
    out.push(['readFile', p('t'), { flag: value }]);
  for (const value of ['x', 1, null])
    out.push(['mkdir', p('q'), { recursive: value }], ['rm', p('q'), { recursive: value }]);
  for (const value of [-1, 8, 'x'])
    out.push(['access', p('t'), value], ['copyFile', p('t'), p('copy'), value]);
  for (const value of ['x', 1.5, {}])
    out.push(['truncate', p('t'), value]);
  return out;
}

function tables(root) {
  const p = (name) => `${root}/${name}`;
  return [...makeAndRemove(p), ...wholeFiles(p), ...links(p), ...attributes(p), ...removals(p),
          ...misuse(p)];
}

/** Calls with a descriptor, "FD". */
function fdSteps(root) {
  const empty = () => Buffer.alloc(8);
  return [
    ['open', `${root}/none`], ['open', `${root}/fd`, 'w+'], ['write', 'FD', Buffer.from('0123456789')],
    ['write', 'FD', 'ab', 3], ['write', 'FD', 'ff', null, 'hex'], ['write', 'FD', Buffer.from('xyz'), 1, 1],
    ['write', 'FD', Buffer.from('xyz'), 1, 5], ['write', 'FD', Buffer.from('xyz'), 4],
    ['read', 'FD', empty(), 0, 8, 0], ['read', 'FD', empty(), 2, 3, 1], ['read', 'FD', empty(), 0, 8, 8],
    ['read', 'FD', empty(), 0, 8, 1000], ['read', 'FD', empty(), 0, 8, null], ['read', 'FD', empty(), 0, 9, 0],
    ['read', 'FD', empty(), 9, 1, 0], ['read', 'FD', empty(), -1, 1, 0], ['read', 'FD', empty(), 0, 8, 2n],
    ['read', 'FD', empty(), { position: 4, length: 2 }], ['read', 'FD', 'no buffer', 0, 1, 0],
    ['readv', 'FD', [empty(), empty()], 0], ['writev', 'FD', [Buffer.from('A'), Buffer.from('BC')], 1],
    ['readv', 'FD', 5, 0], ['fstat', 'FD'], ['fstat', 'FD', { bigint: true }], ['fchmod', 'FD', 0o600],
    ['fstat', 'FD'], ['fchown', 'FD', process.getuid(), process.getgid()], ['futimes', 'FD', 1, 2], ['fsync', 'FD'],
    ['fdatasync', 'FD'], ['ftruncate', 'FD', 5], ['fstat', 'FD'], ['ftruncate', 'FD'], ['fstat', 'FD'],
    ['ftruncate', 'FD', 'x'], ['writeFile', 'FD', 'whole'], ['close', 'FD'], ['close', 'FD'], ['fstat', 'FD'],
    ['read', 'FD', empty(), 0, 8, 0], ['write', 'FD', 'x'], ['fsync', 'FD'], ['fchmod', 'FD', 0o600],
    ['close', 'x'], ['close', -1], ['close', 1.5], ['close', undefined], ['fstat', null], ['fsync', 2 ** 31],
    ['open', `${root}/fd`, 'r'], ['write', 'FD', 'x'], ['ftruncate', 'FD', 1], ['close', 'FD'],
    ['open', `${root}/fd`, 'wx'], ['open', `${root}/fd`, 'q'], ['open', `${root}/fd`, 'r', 'z'],
  ];
}

const handleSteps = [
  ['write', 'text'], ['write', Buffer.from('0123456789'), 2, 4], ['stat'], ['read', Buffer.alloc(4), 0, 4, 0],
  ['read', { buffer: Buffer.alloc(4), position: 1 }], ['readv', [Buffer.alloc(2), Buffer.alloc(3)], 0],
  ['writev', [Buffer.from('A'), Buffer.from('B')], 0], ['truncate', 3], ['stat'], ['chmod', 0o640], ['stat'],
  ['utimes', 1, 2], ['sync'], ['datasync'], ['appendFile', 'more'], ['writeFile', 'end'],
  ['read', 5], ['write', null], ['chmod', 'x'], ['close'], ['close'], ['stat'], ['read', Buffer.alloc(1)],
];

module.exports = { tables, fdSteps, handleSteps };
