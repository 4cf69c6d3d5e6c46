// SPDX-License-Identifier: GPL-2.0
//
// stats.js - the kernel's structures as objects of node:fs

'use strict';

const fs = require('node:fs');

const Stats = Object.getPrototypeOf(fs.statSync('/'));
const BigIntStats = Object.getPrototypeOf(fs.statSync('/', { bigint: true }));
const StatFs = fs.statfsSync ? Object.getPrototypeOf(fs.statfsSync('/')) : Object.prototype;

const STATX_SIZE = 256;
const TIMES = [['atime', 64], ['mtime', 112], ['ctime', 96], ['birthtime', 80]];

const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

// The members are read as 32-bit words, since making a BigInt for each would take longer than the
// system call.  Node.js aligns buffers to 8 bytes.
const words = (buffer) => new Uint32Array(buffer.buffer, buffer.byteOffset, STATX_SIZE / 4);

/** The 64-bit number at word `i`. */
const number64 = (w, i) => w[i] + w[i + 1] * 2 ** 32;

/** Milliseconds of the statx_timestamp at word `i`. */
const milliseconds = (w, i) => (w[i] + (w[i + 1] | 0) * 2 ** 32) * 1000 + w[i + 2] / 1e6;

/**
 * A device number in the encoding of st_dev in the C library, from a major number of 12 and a
 * minor number of 20 bits.
 */
function makeDevice(major, minor) {
  return (major & 0xfff) * 2 ** 8 + (minor & 0xff) + (minor >>> 8) * 2 ** 20 + (major >>> 12) * 2 ** 44;
}

/** The mode and the size of a struct statx. */
function sizeOf(buffer) {
  const w = words(buffer);
  return { mode: w[7] & 0xffff, size: number64(w, 10) };
}

/** The members of fs.Stats, in its order. */
function StatMembers(w) {
  this.dev = makeDevice(w[34], w[35]);
  this.mode = w[7] & 0xffff;
  this.nlink = w[4];
  this.uid = w[5];
  this.gid = w[6];
  this.rdev = makeDevice(w[32], w[33]);
  this.blksize = w[1];
  this.ino = number64(w, 8);
  this.size = number64(w, 10);
  this.blocks = number64(w, 12);
  this.atimeMs = milliseconds(w, 16);
  this.mtimeMs = milliseconds(w, 28);
  this.ctimeMs = milliseconds(w, 24);
  this.birthtimeMs = milliseconds(w, 20);
}
StatMembers.prototype = Stats;

function bigNumbers(v) {
  return {
    dev: BigInt(makeDevice(v.getUint32(136, true), v.getUint32(140, true))),
    mode: BigInt(v.getUint16(28, true)),
    nlink: BigInt(v.getUint32(16, true)),
    uid: BigInt(v.getUint32(20, true)),
    gid: BigInt(v.getUint32(24, true)),
    rdev: BigInt(makeDevice(v.getUint32(128, true), v.getUint32(132, true))),
    blksize: BigInt(v.getUint32(4, true)),
    ino: v.getBigUint64(32, true),
    size: v.getBigUint64(40, true),
    blocks: v.getBigUint64(48, true),
  };
}

// Newer versions of Node.js create a Date when the member is first read, older versions at once.
const HAVE_DATES = 'atime' in Stats;
const HAVE_BIG_DATES = 'atime' in BigIntStats;

function bigStats(v) {
  const out = Object.assign(Object.create(BigIntStats), bigNumbers(v));
  const times = TIMES.map(([name, at]) =>
    [name, v.getBigInt64(at, true) * 1000000000n + BigInt(v.getUint32(at + 8, true))]);
  for (const [name, ns] of times)
    out[`${name}Ms`] = ns / 1000000n;
  for (const [name, ns] of times)
    out[`${name}Ns`] = ns;
  for (const [name, ns] of HAVE_BIG_DATES ? [] : times)
    out[name] = new Date(Number(ns / 1000000n));
  return out;
}

/** A struct statx as fs.Stats or, if `bigint`, as BigIntStats. */
function statsOf(buffer, bigint) {
  if (bigint)
    return bigStats(view(buffer));
  const out = new StatMembers(words(buffer));
  if (!HAVE_DATES) {
    out.atime = new Date(Math.round(out.atimeMs));
    out.mtime = new Date(Math.round(out.mtimeMs));
    out.ctime = new Date(Math.round(out.ctimeMs));
    out.birthtime = new Date(Math.round(out.birthtimeMs));
  }
  return out;
}

const STATFS_SIZE = 120;
const STATFS_OFFSETS = { type: 0, bsize: 8, blocks: 16, bfree: 24, bavail: 32, files: 40, ffree: 48,
                         frsize: 72 };
// The members that this version of Node.js has, in its order.
const STATFS_MEMBERS = Object.keys(fs.statfsSync?.('/') ?? STATFS_OFFSETS)
  .filter((name) => name in STATFS_OFFSETS);

/** A struct statfs as fs.StatFs. */
function statfsOf(buffer, bigint) {
  const v = view(buffer);
  const out = Object.create(StatFs);
  for (const name of STATFS_MEMBERS) {
    const value = v.getBigUint64(STATFS_OFFSETS[name], true);
    out[name] = bigint ? value : Number(value);
  }
  return out;
}

// Types of directory entries, with the numbers of the kernel and of fs.Dirent.
const { UV_DIRENT_UNKNOWN, UV_DIRENT_FILE, UV_DIRENT_DIR, UV_DIRENT_LINK, UV_DIRENT_FIFO,
        UV_DIRENT_SOCKET, UV_DIRENT_CHAR, UV_DIRENT_BLOCK } = fs.constants;
const TYPES = new Map([[0, UV_DIRENT_UNKNOWN], [1, UV_DIRENT_FIFO], [2, UV_DIRENT_CHAR],
  [4, UV_DIRENT_DIR], [6, UV_DIRENT_BLOCK], [8, UV_DIRENT_FILE], [10, UV_DIRENT_LINK],
  [12, UV_DIRENT_SOCKET]]);
const DT_DIR = 4;
const DT_REG = 8;
const DT_LNK = 10;

/** Make a Dirent from the name and the kernel's type of an entry. */
function direntOf(name, type, parent) {
  const entry = new fs.Dirent(name, TYPES.get(type) ?? UV_DIRENT_UNKNOWN, parent);
  if (entry.parentPath === undefined)
    entry.parentPath = parent;
  return entry;
}

/** The kernel's type of a directory entry for a file mode. */
const typeOfMode = (mode) => (mode & fs.constants.S_IFMT) >> 12;

/** The entries [name, type, inode] in the bytes that getdents64() has stored; names as Latin-1. */
function entriesOf(buffer, length) {
  const out = [];
  for (let at = 0; at < length;) {
    const size = buffer.readUInt16LE(at + 16);
    const end = buffer.indexOf(0, at + 19);
    // A hostile image may have taken over an isolated kernel, which then may store anything.
    if (size < 20 || end < 0 || at + size > length)
      throw new RangeError('malformed directory entries');
    const name = buffer.latin1Slice(at + 19, end);
    if (name !== '.' && name !== '..')
      out.push([name, buffer[at + 18], buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * 2 ** 32]);
    at += size;
  }
  return out;
}

/** A name that was read as Latin-1, in the encoding that the caller wants. */
function decodeName(name, encoding = 'utf8') {
  if (encoding === 'buffer')
    return Buffer.from(name, 'latin1');
  if (encoding === null || encoding === 'utf8' || encoding === 'utf-8') {
    // eslint-disable-next-line no-control-regex
    return /^[\x00-\x7f]*$/.test(name) ? name : Buffer.from(name, 'latin1').toString();
  }
  return Buffer.from(name, 'latin1').toString(encoding);
}

module.exports = { STATX_SIZE, STATFS_SIZE, DT_DIR, DT_REG, DT_LNK, sizeOf, statsOf, statfsOf, direntOf, typeOfMode,
                   entriesOf, decodeName };
