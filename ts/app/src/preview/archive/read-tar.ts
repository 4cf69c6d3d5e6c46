// SPDX-License-Identifier: GPL-2.0
/*
 * read-tar.ts - list a tar archive, packed with gzip or not, and read its files
 *
 * ustar, with the long names of GNU tar and the records of pax.
 */
import { streamOfParts } from '@anyfs/core/serve';

import { firstBytes } from '../../stream/bytes.js';
import type { Reader } from '../reader.js';
import { type ArchiveEntry, ArchiveError, MAX_ENTRIES, pathOf } from './entry.js';

const BLOCK = 512;
const PART = 1 << 20;
/** Maximum size of a header that contains a name or records: 1 MiB. */
const META_LIMIT = 1 << 20;
const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = { '0': 'file', '\0': 'file', '7': 'file', '5': 'dir' };

/** The bytes of the archive from @start on. */
type Open = (start: number, signal: AbortSignal) => AsyncGenerator<Uint8Array>;

/** @param progress called with the entries so far */
export async function listTar(reader: Reader, gzip: boolean, signal: AbortSignal,
  progress: (entries: readonly ArchiveEntry[]) => void): Promise<ArchiveEntry[]> {
  const open: Open = gzip ? unpacked(reader) : (start, stop) => bytesOf(reader, start, stop);
  const cursor = gzip ? new StreamCursor(open(0, signal)) : new FileCursor(reader, signal);
  const entries: ArchiveEntry[] = [];
  let meta: Meta = {};

  for (;;) {
    const block = await cursor.take(BLOCK);
    if (block.length < BLOCK || block.every((byte) => byte === 0))
      return entries;
    const header = parse(block);
    if ('xgLK'.includes(header.type)) {
      meta = { ...meta, ...await metaOf(header, cursor) };
      continue;
    }
    const size = meta.size ?? header.size;
    const start = cursor.at;
    entries.push({
      path: pathOf(meta.path ?? header.name), kind: KINDS[header.type] ?? 'other', size, mtime: meta.mtime ?? header.mtime,
      open: (stop) => streamOfParts(firstBytes(open(start, stop), size, () => new ArchiveError('the archive is cut off'))),
    });
    if (entries.length > MAX_ENTRIES)
      throw new ArchiveError(`the archive has more than ${MAX_ENTRIES} files`);
    progress(entries);
    meta = {};
    await cursor.skip(Math.ceil(size / BLOCK) * BLOCK);
  }
}

interface Header {
  name: string;
  size: number;
  mtime: number;
  type: string;
}

interface Meta {
  path?: string;
  size?: number;
  mtime?: number;
}

function parse(block: Uint8Array): Header {
  const text = (at: number, length: number) => new TextDecoder().decode(block.subarray(at, at + length)).split('\0', 1)[0]!;
  const sum = block.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
  const prefix = text(257, 6) === 'ustar' ? text(345, 155) : '';

  if (sum !== parseInt(text(148, 8), 8))
    throw new ArchiveError('the archive is damaged: the checksum of a header is wrong');
  return {
    name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100), size: numberAt(block, 124, 12), mtime: numberAt(block, 136, 12),
    type: String.fromCharCode(block[156]!),
  };
}

/** Octal digits, or, if the first bit is set, a binary number. */
function numberAt(block: Uint8Array, at: number, length: number): number {
  const field = block.subarray(at, at + length);

  if (field[0]! & 0x80)
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return parseInt(new TextDecoder().decode(field).replace(/\0.*$/s, '').trim() || '0', 8);
}

async function metaOf({ type, size }: Header, cursor: Cursor): Promise<Meta> {
  if (!(size <= META_LIMIT))
    throw new ArchiveError('the archive is damaged: a header is too large');
  const data = await cursor.take(Math.ceil(size / BLOCK) * BLOCK);
  const content = data.subarray(0, size);

  // "g" has records for all files, of which none is shown; "K" is the target of a link.
  if (type === 'g' || type === 'K')
    return {};
  return type === 'L' ? { path: new TextDecoder().decode(content).split('\0', 1)[0]! } : recordsOf(content);
}

/** Records "LENGTH KEY=VALUE\n". */
function recordsOf(data: Uint8Array): Meta {
  const meta: Meta = {};

  for (let at = 0; at < data.length;) {
    const space = data.indexOf(32, at);
    const length = parseInt(new TextDecoder().decode(data.subarray(at, space)), 10);
    if (space < 0 || !(length > space - at) || at + length > data.length)
      throw new ArchiveError('the archive is damaged: a record of a header is wrong');
    const [, key, value] = /^([^=]*)=([^]*)\n$/.exec(new TextDecoder().decode(data.subarray(space + 1, at + length))) ?? [];
    if (key === 'path')
      meta.path = value!;
    else if (key === 'size' || key === 'mtime')
      meta[key] = Number(value);
    at += length;
  }
  return meta;
}

interface Cursor {
  at: number;
  /** Returns fewer bytes at the end of the archive. */
  take(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<void>;
}

class FileCursor implements Cursor {
  at = 0;

  constructor(private readonly reader: Reader, private readonly signal: AbortSignal) {}

  async take(length: number): Promise<Uint8Array> {
    this.signal.throwIfAborted();
    const data = await this.reader.read(this.at, length);
    this.at += data.length;
    return data;
  }

  async skip(length: number): Promise<void> {
    this.at += length;
  }
}

class StreamCursor implements Cursor {
  at = 0;
  private rest = new Uint8Array();

  constructor(private readonly parts: AsyncGenerator<Uint8Array>) {}

  async take(length: number): Promise<Uint8Array> {
    const all = new Uint8Array(length);
    let have = 0;
    while (have < length && await this.fill()) {
      const used = this.rest.subarray(0, length - have);
      all.set(used, have);
      have += used.length;
      this.rest = this.rest.subarray(used.length);
    }
    this.at += have;
    return all.subarray(0, have);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0 && await this.fill();) {
      const used = Math.min(left, this.rest.length);
      this.rest = this.rest.subarray(used);
      this.at += used;
      left -= used;
    }
  }

  private async fill(): Promise<boolean> {
    while (!this.rest.length) {
      const { value, done } = await this.parts.next();
      if (done)
        return false;
      this.rest = value as Uint8Array<ArrayBuffer>;
    }
    return true;
  }
}

async function* bytesOf(reader: Reader, start: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = start; at < reader.size;) {
    signal.throwIfAborted();
    const part = await reader.read(at, PART);
    at += part.length;
    yield part;
  }
}

/** A gzip file can only be unpacked from its beginning. */
function unpacked(reader: Reader): Open {
  return async function* (start, signal) {
    const packed = streamOfParts(bytesOf(reader, 0, signal)) as ReadableStream<Uint8Array<ArrayBuffer>>;
    let skip = start;
    for await (const part of packed.pipeThrough(new DecompressionStream('gzip'))) {
      const used = part.subarray(Math.min(skip, part.length));
      skip -= part.length - used.length;
      if (used.length)
        yield used;
    }
  };
}
