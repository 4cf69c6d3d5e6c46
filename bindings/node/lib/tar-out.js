// SPDX-License-Identifier: GPL-2.0
//
// tar-out.js - a tree of the image as a tar archive
//
// POSIX headers, with pax records for values that do not fit: long names, large numbers, fractions
// of seconds, extended attributes, and sparse files in the format 1.0 of GNU tar.  Names are
// bytes, held as Latin-1 strings.

'use strict';

const { isUtf8 } = require('node:buffer');
const { Readable } = require('node:stream');
const native = require('./native.js');
const calls = require('./calls.js');
const check = require('./validate.js');
const xattr = require('./xattr.js');
const { list, join } = require('./trees.js');
const { runPromise } = require('./core.js');
const { nodeError } = require('./errors.js');

const { nr } = native;
const BLOCK = 512;
const PART = 1 << 20;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const ENXIO = -6;
const S_IFMT = 0o170000;
const TYPES = { 0o100000: '0', 0o120000: '2', 0o020000: '3', 0o060000: '4', 0o040000: '5', 0o010000: '6' };

const bytes = (latin1) => Buffer.from(latin1, 'latin1');
const padding = (size) => Buffer.alloc((BLOCK - size % BLOCK) % BLOCK);

/** A record of a pax header: its length, which counts itself, name and value. */
function record(name, value) {
  const body = Buffer.concat([Buffer.from(` ${name}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length)
    length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** A number in octal digits; 0 if it does not fit and is stored in a pax record. */
function octal(block, at, size, value) {
  const text = Number(value).toString(8);
  const fits = value >= 0 && text.length < size;
  block.write((fits ? text : '0').padStart(size - 1, '0'), at, 'latin1');
  return fits;
}

function header(name, fields) {
  const block = Buffer.alloc(BLOCK);
  block.write(name.slice(0, 100), 0, 'latin1');
  octal(block, 100, 8, fields.mode & 0o7777);
  octal(block, 108, 8, fields.uid);
  octal(block, 116, 8, fields.gid);
  octal(block, 124, 12, fields.size);
  octal(block, 136, 12, fields.mtime);
  block.write('        ', 148, 'latin1');
  block.write(fields.type, 156, 'latin1');
  block.write((fields.link ?? '').slice(0, 100), 157, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  octal(block, 329, 8, fields.major ?? 0);
  octal(block, 337, 8, fields.minor ?? 0);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const isPlain = (name) => name.length <= 100 && /^[\x20-\x7e]*$/.test(name);

/** The pax header and the header of an entry. */
function headers(name, fields, extra) {
  const records = [...extra];
  if (![name, fields.link ?? ''].every((text) => isUtf8(bytes(text))))
    records.unshift(record('hdrcharset', 'BINARY'));
  if (!isPlain(name))
    records.push(record('path', bytes(name)));
  if (fields.link !== undefined && !isPlain(fields.link))
    records.push(record('linkpath', bytes(fields.link)));
  if (fields.size >= 8 ** 11)
    records.push(record('size', String(fields.size)));
  for (const id of ['uid', 'gid'])
    if (fields[id] >= 8 ** 7)
      records.push(record(id, String(fields[id])));
  if (fields.time % 1000000000n !== 0n || fields.time < 0n || fields.mtime >= 8 ** 11)
    records.push(record('mtime', decimal(fields.time)));
  const main = header(name, fields);
  if (!records.length)
    return main;
  const body = Buffer.concat(records);
  return Buffer.concat([
    header('PaxHeader', { mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0, type: 'x' }),
    body, padding(body.length), main,
  ]);
}

/** Nanoseconds as seconds with a fraction. */
function decimal(ns) {
  const sign = ns < 0n ? '-' : '';
  const value = ns < 0n ? -ns : ns;
  return `${sign}${value / 1000000000n}.${String(value % 1000000000n).padStart(9, '0')}`;
}

function* attributes(core, path) {
  const out = [];
  let names = [];
  try {
    names = yield* xattr.llistxattr(core, path);
  } catch (error) {
    if (error.code !== 'ENOTSUP' && error.code !== 'EOPNOTSUPP')
      throw error;
  }
  for (const name of names)
    out.push(record(`SCHILY.xattr.${name}`, yield* xattr.lgetxattr(core, path, name)));
  return out;
}

/** The parts [offset, length] of a file that hold data. */
function* extents(core, fd, size) {
  const out = [];
  for (let at = 0; at < size;) {
    const start = yield [nr.lseek, 0, core.fdIn(fd), at, SEEK_DATA];
    if (start === ENXIO)
      break;
    if (calls.failed(start))
      return [[0, size]];	// this file system does not support SEEK_HOLE
    const end = calls.ok(yield [nr.lseek, 0, core.fdIn(fd), start, SEEK_HOLE], 'lseek');
    out.push([start, Math.min(end, size) - start]);
    at = end;
  }
  return out;
}

/** The map of a sparse file in GNU's format 1.0. */
function sparseMap(parts, size) {
  const map = [...parts, ...(parts.length && parts.at(-1)[0] + parts.at(-1)[1] === size ? [] : [[size, 0]])];
  const text = Buffer.from(`${map.length}\n${map.map(([at, length]) => `${at}\n${length}\n`).join('')}`);
  return Buffer.concat([text, padding(text.length)]);
}

class Archive {
  constructor(core, top) {
    this.core = core;
    this.top = top;
    this.seen = new Map();	// "device:inode" -> name of the first link
  }

  run(operation, ...args) {
    return runPromise(this.core, operation(this.core, ...args));
  }

  async *file(path, name, fields, extra) {
    const fd = await this.run(calls.open, path, 'r');
    try {
      const sparse = fields.blocks * BLOCK < fields.size;
      const parts = sparse ? await this.run(extents, fd, fields.size) : [[0, fields.size]];
      const map = sparse ? sparseMap(parts, fields.size) : Buffer.alloc(0);
      const stored = parts.reduce((sum, [, length]) => sum + length, map.length);
      if (sparse)
        extra = [...extra, record('GNU.sparse.major', '1'), record('GNU.sparse.minor', '0'),
                 record('GNU.sparse.name', bytes(name)), record('GNU.sparse.realsize', String(fields.size))];
      yield headers(name, { ...fields, size: stored }, extra);
      yield map;
      for (const [offset, length] of parts)
        yield* this.content(fd, name, offset, length);
      yield padding(stored);
    } finally {
      await this.run(calls.close, fd);
    }
  }

  async *content(fd, name, offset, length) {
    for (let at = 0; at < length;) {
      const part = Buffer.allocUnsafe(Math.min(PART, length - at));
      const { bytesRead } = await this.run(calls.read, fd, part, 0, part.length, offset + at);
      if (bytesRead === 0)
        throw nodeError(Error, 'ERR_FS_FILE_CHANGED', `${name}: the file became shorter while it was read`);
      yield part.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async *entry(name) {
    const path = name ? join(this.top, bytes(name)) : this.top;
    const found = await this.run(calls.lstat, path, { bigint: true });
    const mode = Number(found.mode);
    const type = TYPES[mode & S_IFMT];
    if (type === undefined)
      return;	// an archive cannot hold a socket
    const device = Number(found.rdev);
    const fields = {
      mode, type, uid: Number(found.uid), gid: Number(found.gid), size: 0, blocks: Number(found.blocks),
      time: found.mtimeNs, mtime: Math.floor(Number(found.mtimeNs / 1000000000n)),
      major: '34'.includes(type) ? (device >>> 8) & 0xfff : 0,
      minor: '34'.includes(type) ? (device & 0xff) | ((device >>> 12) & 0xfff00) : 0,
    };
    const key = `${found.dev}:${found.ino}`;
    if (type !== '5' && found.nlink > 1n && this.seen.has(key)) {
      yield headers(name, { ...fields, type: '1', link: this.seen.get(key) }, []);
      return;
    }
    this.seen.set(key, name);
    const extra = await this.run(attributes, path);
    if (type === '5')
      yield* this.directory(path, name, fields, extra);
    else if (type === '0')
      yield* this.file(path, name || 'file', { ...fields, size: Number(found.size) }, extra);
    else if (type === '2')
      yield headers(name, { ...fields, link: (await this.run(calls.readlink, path, 'latin1')) }, extra);
    else
      yield headers(name, fields, extra);
  }

  async *directory(path, name, fields, extra) {
    yield headers(name ? `${name}/` : './', fields, extra);
    for (const [child] of await this.run(list, path))
      yield* this.entry(name ? `${name}/${child}` : child);
  }

  async *blocks() {
    for await (const block of this.entry(''))
      if (block.length)
        yield block;
    yield Buffer.alloc(2 * BLOCK);
  }
}

/** A stream of the archive of the file or directory `path`. */
function toTar(core, path) {
  core.checkOpen();
  return Readable.from(new Archive(core, check.path(path)).blocks(), { objectMode: false });
}

module.exports = { toTar, BLOCK };
