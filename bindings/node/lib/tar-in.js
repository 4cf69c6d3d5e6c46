// SPDX-License-Identifier: GPL-2.0
//
// tar-in.js - extract a tar archive into a directory of the image
//
// Reads POSIX archives, with pax records and GNU's long names and sparse files.  No entry
// leaves the directory: a name is refused if it contains ".." or leads through a symbolic link.
// Names are bytes, held as Latin-1 strings.

'use strict';

const { Duplex } = require('node:stream');
const calls = require('./calls.js');
const check = require('./validate.js');
const native = require('./native.js');
const xattr = require('./xattr.js');
const { join } = require('./trees.js');
const { runPromise } = require('./core.js');
const { nodeError } = require('./errors.js');
const { BLOCK } = require('./tar-out.js');

const { nr, JOB_WRITES } = native;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const PART = 1 << 20;
const MAX_HEADER = 16 << 20;
const DEVICES = { 3: 0o020000, 4: 0o060000, 6: 0o010000 };

const bytes = (latin1) => Buffer.from(latin1, 'latin1');
const malformed = (reason) => nodeError(Error, 'ERR_TAR_MALFORMED', `the archive is malformed: ${reason}`);

/** Reads a stream in parts of requested sizes. */
class Input {
  #iterator;
  #rest = Buffer.alloc(0);

  constructor(source) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** Get between one and `max` bytes; null at the end. */
  async readSome(max) {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#iterator.next();
      if (done)
        return null;
      this.#rest = Buffer.from(value);
    }
    const part = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async readExactly(size) {
    const parts = [];
    for (let have = 0; have < size;) {
      const part = await this.readSome(size - have);
      if (!part)
        throw malformed('it ends in the middle of an entry');
      parts.push(part);
      have += part.length;
    }
    return Buffer.concat(parts);
  }

  async readBlock() {
    const first = await this.readSome(BLOCK);
    return first && Buffer.concat([first, await this.readExactly(BLOCK - first.length)]);
  }

  async skip(size) {
    for (let left = size; left > 0;) {
      const part = await this.readSome(Math.min(left, PART));
      if (!part)
        throw malformed('it ends in the middle of an entry');
      left -= part.length;
    }
  }
}

function text(block, at, size) {
  const end = block.indexOf(0, at);
  return block.toString('latin1', at, end < 0 || end > at + size ? at + size : end);
}

/** A number in octal digits, or in GNU's binary form. */
function number(block, at, size) {
  if (block[at] & 0x80) {
    const value = BigInt.asIntN(64, BigInt(`0x${block.toString('hex', at + size - 8, at + size)}`));
    return Number(value);
  }
  const digits = text(block, at, size).trim();
  if (!/^[0-7]*$/.test(digits))
    throw malformed(`"${digits}" is not a number`);
  return Number.parseInt(digits || '0', 8);
}

function readHeader(block) {
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (sum !== number(block, 148, 8))
    throw malformed('the checksum of a header is wrong');
  const prefix = text(block, 257, 6) === 'ustar' ? text(block, 345, 155) : '';
  return {
    name: (prefix ? `${prefix}/` : '') + text(block, 0, 100), mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8), gid: number(block, 116, 8), size: number(block, 124, 12),
    mtime: number(block, 136, 12), type: String.fromCharCode(block[156] || 48), link: text(block, 157, 100),
    major: number(block, 329, 8), minor: number(block, 337, 8), attributes: [], sparse: null,
  };
}

/** The records [name, value] of a pax header. */
function readRecords(data) {
  const out = [];
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(32, at);
    const length = Number(data.toString('latin1', at, space));
    const equals = data.indexOf(61, space);
    if (!(length > 0) || space < 0 || equals < 0 || at + length > data.length || equals >= at + length)
      throw malformed('a pax record is wrong');
    out.push([data.toString('latin1', space + 1, equals), data.subarray(equals + 1, at + length - 1)]);
    at += length;
  }
  return out;
}

/** Seconds with a fraction as nanoseconds. */
function nanoseconds(string) {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(string);
  if (!match)
    throw malformed(`"${string}" is not a time`);
  const value = BigInt(match[2]) * 1000000000n + BigInt((match[3] ?? '').padEnd(9, '0').slice(0, 9));
  return match[1] ? -value : value;
}

/** Set the times of a file, or of a symbolic link. */
function* setTimes(core, path, ns) {
  const second = 1000000000n;
  const fraction = ((ns % second) + second) % second;
  const spec = Buffer.alloc(32);
  for (const at of [0, 16]) {
    spec.writeBigInt64LE((ns - fraction) / second, at);
    spec.writeBigInt64LE(fraction, at + 8);
  }
  const result = yield [nr.utimensat, 1 << 1 | JOB_WRITES, AT_FDCWD, path, spec, AT_SYMLINK_NOFOLLOW];
  calls.ok(result, 'utimensat', path);
}

function applyRecord(entry, name, value) {
  const string = value.toString('latin1');
  if (name === 'path' || name === 'GNU.sparse.name')
    entry.name = string;
  else if (name === 'linkpath')
    entry.link = string;
  else if (['size', 'uid', 'gid'].includes(name))
    entry[name] = Number(string);
  else if (name === 'mtime')
    entry.time = nanoseconds(string);
  else if (name === 'GNU.sparse.realsize')
    entry.sparse = Number(string);
  else if (name.startsWith('SCHILY.xattr.'))
    entry.attributes.push([Buffer.from(name.slice(13), 'latin1').toString(), value]);
}

class Extraction {
  #core;
  #top;
  #input;
  #records = { global: [], next: [] };
  #directories = [];	// [path, entry]: their times are set at the end
  #real = new Set();	// paths that are known to be directories and not symbolic links

  constructor(core, top, source) {
    this.#core = core;
    this.#top = top;
    this.#input = new Input(source);
  }

  run(operation, ...args) {
    return runPromise(this.#core, operation(this.#core, ...args));
  }

  async extractAll() {
    if (!(await this.run(calls.stat, this.#top)).isDirectory())
      throw nodeError(Error, 'ENOTDIR', `${this.#top}: not a directory`);
    for (let block; (block = await this.#input.readBlock());) {
      if (block.every((byte) => byte === 0))
        break;
      await this.#entry(readHeader(block));
    }
    // Also read the rest of the stream, such as padding.
    while (await this.#input.readSome(PART));
    for (const [path, entry] of this.#directories.reverse())
      await this.#attributes(path, entry);
  }

  async #body(entry) {
    if (entry.size > MAX_HEADER)
      throw malformed('a header is too large');
    const data = await this.#input.readExactly(entry.size);
    await this.#input.skip((BLOCK - entry.size % BLOCK) % BLOCK);
    return data;
  }

  async #entry(entry) {
    switch (entry.type) {
    case 'x': this.#records.next.push(...readRecords(await this.#body(entry))); return;
    case 'g': this.#records.global.push(...readRecords(await this.#body(entry))); return;
    case 'L': this.#records.next.push(['path', this.#cut(await this.#body(entry))]); return;
    case 'K': this.#records.next.push(['linkpath', this.#cut(await this.#body(entry))]); return;
    }
    for (const [name, value] of [...this.#records.global, ...this.#records.next])
      applyRecord(entry, name, value);
    this.#records.next = [];
    if (!Number.isSafeInteger(entry.size) || entry.size < 0)
      throw malformed(`the size of ${entry.name} is wrong`);
    await this.#extract(entry);
  }

  #cut(data) {
    const end = data.indexOf(0);
    return end < 0 ? data : data.subarray(0, end);
  }

  /** Get the path for a name in the archive, and make its missing directories. */
  async #place(name) {
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..'))
      throw nodeError(Error, 'ERR_TAR_ESCAPE', `${name}: an entry must not lead out of the directory`);
    let path = this.#top;
    for (const [i, part] of parts.entries()) {
      const next = join(path, bytes(part));
      const key = next.toString('latin1');
      if (i < parts.length - 1 && !this.#real.has(key)) {
        const found = await this.run(calls.lstat, next, { throwIfNoEntry: false });
        if (!found)
          calls.ok(await this.run(calls.makeDirectory, next, 0o755), 'mkdir', next);
        else if (!found.isDirectory())
          throw nodeError(Error, 'ERR_TAR_ESCAPE',
                          `${name}: leads through ${key}, which is not a directory`);
        this.#real.add(key);
      }
      path = next;
    }
    return [path, parts.length];
  }

  /** Remove an existing file that the entry replaces. */
  async #clear(path) {
    const found = await this.run(calls.lstat, path, { throwIfNoEntry: false });
    if (found)
      await this.run(calls.unlink, path);
  }

  async #extract(entry) {
    const [path, depth] = await this.#place(entry.name);
    if (entry.type === '5' || (entry.type === '0' && entry.name.endsWith('/'))) {
      await this.#directory(path, entry, depth);
      await this.#input.skip(Math.ceil(entry.size / BLOCK) * BLOCK);
      return;
    }
    if (depth === 0)
      throw malformed('an entry that is not a directory has no name');
    await this.#clear(path);
    if (entry.type === '0' || entry.type === '7') {
      await this.#file(path, entry);
      return;
    }
    await this.#input.skip(Math.ceil(entry.size / BLOCK) * BLOCK);
    if (entry.type === '1') {
      const [target] = await this.#place(entry.link);
      await this.run(calls.link, target, path);
      return;
    }
    if (entry.type === '2')
      await this.run(calls.symlink, bytes(entry.link), path);
    else if (DEVICES[entry.type])
      await this.run(calls.mknod, path, DEVICES[entry.type] | entry.mode, entry.major, entry.minor);
    else
      throw malformed(`${entry.name} has the unknown type "${entry.type}"`);
    await this.#attributes(path, entry);
  }

  async #directory(path, entry, depth) {
    const found = await this.run(calls.lstat, path, { throwIfNoEntry: false });
    if (found && !found.isDirectory() && depth)
      await this.run(calls.unlink, path);
    if (!found || (!found.isDirectory() && depth))
      calls.ok(await this.run(calls.makeDirectory, path, 0o700), 'mkdir', path);
    this.#real.add(Buffer.from(path).toString('latin1'));
    this.#directories.push([path, entry]);
  }

  /**
   * The map at the start of a sparse file: lines of decimal numbers, the number of parts and then
   * the parts.
   */
  async #sparseMap() {
    let data = await this.#input.readExactly(BLOCK);
    const line = async (at) => {
      while (data.indexOf(10, at) < 0) {
        if (data.length > MAX_HEADER)
          throw malformed('a map of a sparse file is too large');
        data = Buffer.concat([data, await this.#input.readExactly(BLOCK)]);
      }
      const end = data.indexOf(10, at);
      const value = Number(data.toString('latin1', at, end));
      if (!Number.isSafeInteger(value) || value < 0)
        throw malformed('a map of a sparse file is wrong');
      return [value, end + 1];
    };
    let [count, at] = await line(0);
    const parts = [];
    for (; count > 0; count--) {
      const [offset, next] = await line(at);
      const [length, after] = await line(next);
      parts.push([offset, length]);
      at = after;
    }
    return [parts, data.length];
  }

  async #file(path, entry) {
    const fd = await this.run(calls.open, path, 'wx', 0o600);
    try {
      let parts = [[0, entry.size]];
      let used = 0;
      if (entry.sparse !== null)
        [parts, used] = await this.#sparseMap();
      for (const [offset, length] of parts) {
        used += length;
        await this.#content(fd, offset, length);
      }
      if (entry.sparse !== null)
        await this.run(calls.ftruncate, fd, entry.sparse);
      if (used > entry.size)
        throw malformed(`${entry.name} has more data than its header says`);
      await this.#input.skip(Math.ceil(entry.size / BLOCK) * BLOCK - used);
    } finally {
      await this.run(calls.close, fd);
    }
    await this.#attributes(path, entry);
  }

  async #content(fd, offset, length) {
    for (let at = 0; at < length;) {
      const part = await this.#input.readSome(Math.min(length - at, PART));
      if (!part)
        throw malformed('it ends in the middle of a file');
      for (let done = 0; done < part.length;)
        done += (await this.run(calls.write, fd, part, done, part.length - done, offset + at + done)).bytesWritten;
      at += part.length;
    }
  }

  /**
   * Set owner, mode, attributes and times; the owner first, because chown() clears the set-user-ID
   * bit.
   */
  async #attributes(path, entry) {
    await this.run(calls.lchown, path, entry.uid, entry.gid);
    for (const [name, value] of entry.attributes)
      await this.run(xattr.lsetxattr, path, name, value);
    if (entry.type !== '2')
      await this.run(calls.chmod, path, entry.mode);
    await this.run(setTimes, path, entry.time ?? BigInt(entry.mtime) * 1000000000n);
  }
}

/** A stream to write an archive to, which is extracted into the directory `path`. */
function fromTar(core, path) {
  core.checkOpen();
  const top = check.path(path);
  return Duplex.from(async (source) => { await new Extraction(core, top, source).extractAll(); });
}

module.exports = { fromTar };
