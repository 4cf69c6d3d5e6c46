// SPDX-License-Identifier: GPL-2.0
/*
 * zip.ts - write a ZIP archive: deflate, names in UTF-8, sizes in zip64 where they need it
 *
 * A file is compressed while it is sent, so its sizes and checksum follow it in a data descriptor.
 */
import { streamOfParts } from '@anyfs/core/serve';

import { crc32 } from './crc32.js';
import { type Entry, contentOf } from './entries.js';

/** A 32-bit field with this value stands for a larger number in a zip64 field. */
const LIMIT = 0xffffffff;
/** Version 4.5 of the format, which has zip64. */
const VERSION = 45;
/** A data descriptor follows; the name is UTF-8. */
const FLAGS = 0x0808;
/** The system that the attributes of entries belong to. */
const UNIX = 3;
const METHOD = { stored: 0, deflate: 8 } as const;

interface Stored {
  name: Uint8Array;
  entry: Entry;
  method: number;
  offset: number;
  crc: number;
  packed: number;
  size: number;
}

export async function* zipOf(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  const stored: Stored[] = [];
  let offset = 0;

  for await (const entry of entries) {
    if (entry.stat.kind === 'other' || entry.name === '.')
      continue;
    const file = await beginEntry(entry, offset);
    for await (const part of fileOf(file)) {
      offset += part.length;
      yield part;
    }
    stored.push(file);
  }
  const start = offset;
  for (const file of stored) {
    const record = centralHeader(file);
    offset += record.length;
    yield record;
  }
  yield endRecords(stored.length, start, offset - start);
}

async function beginEntry(entry: Entry, offset: number): Promise<Stored> {
  const { stat, name } = entry;
  const shown = stat.kind === 'dir' ? `${name}/` : name;

  return {
    name: new TextEncoder().encode(shown), entry, offset, crc: 0, packed: 0, size: 0,
    method: stat.kind === 'file' && stat.size ? METHOD.deflate : METHOD.stored,
  };
}

async function* fileOf(file: Stored): AsyncGenerator<Uint8Array> {
  yield localHeader(file);
  const plain = counted(file);
  const packed = file.method === METHOD.deflate ? deflated(plain) : plain;
  for await (const part of packed) {
    file.packed += part.length;
    yield part;
  }
  yield descriptor(file);
}

async function* counted(file: Stored): AsyncGenerator<Uint8Array> {
  for await (const part of dataOf(file.entry)) {
    file.crc = crc32(file.crc, part);
    file.size += part.length;
    yield part;
  }
}

async function* dataOf(entry: Entry): AsyncGenerator<Uint8Array> {
  if (entry.stat.kind === 'file')
    yield* contentOf(entry);
  else if (entry.stat.kind === 'link')
    yield new TextEncoder().encode(await entry.target());
}

async function* deflated(parts: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = streamOfParts(parts) as ReadableStream<Uint8Array<ArrayBuffer>>;
  yield* source.pipeThrough(new CompressionStream('deflate-raw'));
}

/** From this size on, 64-bit fields are used, since deflate may make a file a little larger. */
const LARGE = 0xf0000000;

function isLarge({ entry }: Stored): boolean {
  return entry.stat.size >= LARGE;
}

class Bytes {
  private readonly parts: number[] = [];

  u16(value: number): this {
    this.parts.push(value & 255, value >>> 8 & 255);
    return this;
  }

  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }

  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }

  bytes(...more: Uint8Array[]): Uint8Array {
    const all = new Uint8Array(this.parts.length + more.reduce((sum, { length }) => sum + length, 0));
    let at = this.parts.length;
    all.set(this.parts);
    for (const part of more) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** Date and time in the format of DOS: local time, not before 1980. */
function dosTime(seconds: number): number {
  const date = new Date(Math.max(seconds * 1000, Date.UTC(1980, 0, 2)));

  return ((date.getFullYear() - 1980) << 25 | (date.getMonth() + 1) << 21 | date.getDate() << 16 |
    date.getHours() << 11 | date.getMinutes() << 5 | date.getSeconds() >> 1) >>> 0;
}

/** The time in UTC, which programs prefer if it is present. */
function timeExtra(entry: Entry): Uint8Array {
  return new Bytes().u16(0x5455).u16(5).bytes(Uint8Array.of(1), new Bytes().u32(Math.floor(entry.stat.mtime) >>> 0).bytes());
}

function localHeader(file: Stored): Uint8Array {
  const large = isLarge(file);
  const zip64 = large ? new Bytes().u16(1).u16(16).u64(0).u64(0).bytes() : new Uint8Array();
  const extra = timeExtra(file.entry);

  return new Bytes().u32(0x04034b50).u16(VERSION).u16(FLAGS).u16(file.method).u32(dosTime(file.entry.stat.mtime))
    .u32(0).u32(large ? LIMIT : 0).u32(large ? LIMIT : 0).u16(file.name.length).u16(extra.length + zip64.length)
    .bytes(file.name, extra, zip64);
}

function descriptor(file: Stored): Uint8Array {
  const head = new Bytes().u32(0x08074b50).u32(file.crc);

  return isLarge(file) ? head.u64(file.packed).u64(file.size).bytes() :
    head.u32(file.packed).u32(file.size).bytes();
}

function centralHeader(file: Stored): Uint8Array {
  const { entry, packed, size, offset } = file;
  const wide = new Bytes();
  let wideBytes = 0;
  const value = (number: number) => {
    if (number < LIMIT)
      return number;
    wide.u64(number);
    wideBytes += 8;
    return LIMIT;
  };
  const sizes = [value(size), value(packed), value(offset)] as const;
  const zip64 = wideBytes ? new Bytes().u16(1).u16(wideBytes).bytes(wide.bytes()) : new Uint8Array();
  const extra = timeExtra(entry);
  // The mode of Unix, and the bit of DOS for a directory.
  const attributes = ((entry.stat.mode << 16) | (entry.stat.kind === 'dir' ? 0x10 : 0)) >>> 0;

  return new Bytes().u32(0x02014b50).u16(UNIX << 8 | VERSION).u16(VERSION).u16(FLAGS).u16(file.method)
    .u32(dosTime(entry.stat.mtime)).u32(file.crc).u32(sizes[1]).u32(sizes[0]).u16(file.name.length)
    .u16(extra.length + zip64.length).u16(0).u16(0).u16(0).u32(attributes).u32(sizes[2])
    .bytes(file.name, extra, zip64);
}

function endRecords(count: number, start: number, length: number): Uint8Array {
  const wide = count >= 0xffff || start >= LIMIT || length >= LIMIT;
  const zip64 = wide ? new Bytes().u32(0x06064b50).u64(44).u16(VERSION).u16(VERSION).u32(0).u32(0).u64(count)
    .u64(count).u64(length).u64(start).u32(0x07064b50).u32(0).u64(start + length).u32(1).bytes() : new Uint8Array();
  const tail = new Bytes().u32(0x06054b50).u16(0).u16(0).u16(Math.min(count, 0xffff)).u16(Math.min(count, 0xffff))
    .u32(Math.min(length, LIMIT)).u32(Math.min(start, LIMIT)).u16(0).bytes();

  return new Bytes().bytes(zip64, tail);
}
