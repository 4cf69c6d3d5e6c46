// SPDX-License-Identifier: GPL-2.0
/*
 * tar.ts - write a tar archive: ustar, with pax headers where its fields are too small
 */
import { fmtDev } from '@anyfs/core';

import { joined } from '../stream/bytes.js';
import { type Entry, contentOf } from './entries.js';

const BLOCK = 512;
const S_IFMT = 0o170000;
const TYPE = { file: '0', hardLink: '1', link: '2', dir: '5', pax: 'x' } as const;
/** Types of entries, by the file type in the mode. */
const SPECIAL: Readonly<Record<number, string>> = { 0o020000: '3', 0o060000: '4', 0o010000: '6' };
/** The largest values that fit into the fields of ustar. */
const MAX_SIZE = 0o77777777777;
const MAX_ID = 0o7777777;

const encoder = new TextEncoder();

/** The archive, in parts. */
export async function* tarOf(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  /** The first name of each file that has several. */
  const names = new Map<string, string>();

  for await (const entry of entries) {
    const { stat, name } = entry;
    if (stat.kind === 'file' && stat.nlink > 1) {
      const first = names.get(entry.identity);
      if (first !== undefined) {
        yield* headers(entry, TYPE.hardLink, 0, NO_XATTRS, first);
        continue;
      }
      names.set(entry.identity, name);
    }
    yield* withContent(entry);
  }
  yield new Uint8Array(2 * BLOCK);
}

async function* withContent(entry: Entry): AsyncGenerator<Uint8Array> {
  const { stat } = entry;
  const xattrs = await entry.xattrs();
  const special = SPECIAL[stat.mode & S_IFMT];

  switch (stat.kind) {
    case 'dir':
      return yield* headers(entry, TYPE.dir, 0, xattrs);
    case 'link':
      return yield* headers(entry, TYPE.link, 0, xattrs, await entry.target());
    case 'file':
      yield* headers(entry, TYPE.file, stat.size, xattrs);
      yield* contentOf(entry);
      return yield new Uint8Array((BLOCK - stat.size % BLOCK) % BLOCK);
    case 'other':
      // tar has no type for sockets: like GNU tar, leave them out.
      if (special)
        yield* headers(entry, special, 0, xattrs);
  }
}

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();

function* headers(entry: Entry, type: string, size: number, xattrs: ReadonlyMap<string, Uint8Array>,
  link = ''): Generator<Uint8Array> {
  const { stat } = entry;
  const name = stat.kind === 'dir' ? `${entry.name}/` : entry.name;
  const records: [key: string, value: string | Uint8Array][] = [];
  const mtime = Math.floor(stat.mtime);

  if (!fitsUstar(name))
    records.push(['path', name]);
  if (!fitsUstar(link))
    records.push(['linkpath', link]);
  if (size > MAX_SIZE)
    records.push(['size', String(size)]);
  if (mtime !== stat.mtime || mtime < 0 || mtime > MAX_SIZE)
    records.push(['mtime', String(stat.mtime)]);
  if (stat.uid > MAX_ID)
    records.push(['uid', String(stat.uid)]);
  if (stat.gid > MAX_ID)
    records.push(['gid', String(stat.gid)]);
  for (const [key, value] of xattrs)
    records.push([`SCHILY.xattr.${key}`, value]);
  if (records.length) {
    const data = joined(records.map(([key, value]) => record(key, value)));
    yield header({
      name: 'PaxHeader', type: TYPE.pax, size: data.length, mode: 0o644, uid: 0, gid: 0, mtime: 0, link: '', rdev: 0,
    });
    yield padded(data);
  }
  yield header({
    name, type, size: Math.min(size, MAX_SIZE), mode: stat.mode & 0o7777, uid: Math.min(stat.uid, MAX_ID),
    gid: Math.min(stat.gid, MAX_ID), mtime: Math.min(Math.max(mtime, 0), MAX_SIZE), link, rdev: stat.rdev,
  });
}

/**
 * Whether a name fits into the field of ustar; the encoding of other alphabets is defined only in
 * pax.
 */
function fitsUstar(text: string): boolean {
  return text.length <= 100 && /^[\x01-\x7e]*$/.test(text);
}

/** "LENGTH KEY=VALUE\n": the length counts its own digits, too. */
function record(key: string, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  const rest = encoder.encode(` ${key}=\n`).length + bytes.length;
  let length = rest + 1;
  while (String(length).length + rest !== length)
    length = String(length).length + rest;
  return joined([encoder.encode(`${length} ${key}=`), bytes, encoder.encode('\n')]);
}

interface Fields {
  name: string;
  type: string;
  size: number;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  link: string;
  /** Major and minor number of a device node. */
  rdev: number;
}

function header({ name, type, size, mode, uid, gid, mtime, link, rdev }: Fields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, length: number, text: string) =>
    block.set(encoder.encode(text).subarray(0, length), offset);
  const octal = (offset: number, length: number, value: number) =>
    put(offset, length, value.toString(8).padStart(length - 1, '0'));

  put(0, 100, name);
  octal(100, 8, mode);
  octal(108, 8, uid);
  octal(116, 8, gid);
  octal(124, 12, size);
  octal(136, 12, mtime);
  put(148, 8, '        ');
  put(156, 1, type);
  put(157, 100, link);
  put(257, 8, 'ustar\x0000');
  const [major, minor] = fmtDev(rdev).split(':').map(Number) as [number, number];
  octal(329, 8, major);
  octal(337, 8, minor);
  octal(148, 7, block.reduce((sum, byte) => sum + byte, 0));
  block[154] = 0;
  return block;
}

function padded(data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  whole.set(data);
  return whole;
}
