// SPDX-License-Identifier: GPL-2.0
/*
 * read-zip.ts - list a ZIP archive by its central directory, and unpack its files
 */
import { streamOfParts } from '@anyfs/core/serve';

import { crc32 } from '../../download/crc32.js';
import type { Reader } from '../reader.js';
import { type ArchiveEntry, ArchiveError, MAX_ENTRIES, pathOf } from './entry.js';

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Size of the record at the end, and of the longest comment after it. */
const END_SIZE = 22;
const COMMENT = 0xffff;
/** A larger directory is refused: 64 MiB. */
const LIMIT = 64 << 20;
const ENCRYPTED = 1;
const UTF8 = 0x800;
const METHOD = { stored: 0, deflate: 8 } as const;
const PART = 1 << 20;

interface Packed {
  offset: number;
  packed: number;
  size: number;
  crc: number;
  flags: number;
  method: number;
}

export async function listZip(reader: Reader): Promise<ArchiveEntry[]> {
  const { offset, size, count } = await findDirectory(reader);

  if (size > LIMIT || count > MAX_ENTRIES)
    throw new ArchiveError(`the archive has too many files to show: ${count}`);
  const bytes = await reader.read(offset, size);
  const view = viewOf(bytes);
  const entries: ArchiveEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL)
      throw new ArchiveError('the directory of the archive is damaged');
    const next = at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > bytes.length)
      throw new ArchiveError('the directory of the archive is cut off');
    entries.push(entryOf(reader, bytes.subarray(at, next)));
    at = next;
  }
  return entries;
}

async function findDirectory(reader: Reader): Promise<{ offset: number; size: number; count: number }> {
  const start = Math.max(0, reader.size - END_SIZE - COMMENT);
  const tail = await reader.read(start, reader.size - start);
  const view = viewOf(tail);
  let at = tail.length - END_SIZE;

  while (at >= 0 && view.getUint32(at, true) !== END)
    at--;
  if (at < 0)
    throw new ArchiveError('the archive has no directory: it is cut off');
  const found = {
    count: view.getUint16(at + 10, true), size: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true),
  };
  if (at < 20 || view.getUint32(at - 20, true) !== END64_LOCATOR)
    return found;
  const record = await reader.read(Number(view.getBigUint64(at - 12, true)), 56);
  const wide = viewOf(record);
  if (record.length < 56 || wide.getUint32(0, true) !== END64)
    throw new ArchiveError('the directory of the archive is damaged');
  return {
    count: Number(wide.getBigUint64(32, true)), size: Number(wide.getBigUint64(40, true)),
    offset: Number(wide.getBigUint64(48, true)),
  };
}

function entryOf(reader: Reader, record: Uint8Array): ArchiveEntry {
  const view = viewOf(record);
  const flags = view.getUint16(8, true);
  const nameEnd = 46 + view.getUint16(28, true);
  const name = new TextDecoder(flags & UTF8 ? 'utf-8' : 'windows-1252').decode(record.subarray(46, nameEnd));
  const file: Packed = {
    flags, method: view.getUint16(10, true), crc: view.getUint32(16, true), packed: view.getUint32(20, true),
    size: view.getUint32(24, true), offset: view.getUint32(42, true),
  };

  widen(file, record.subarray(nameEnd, nameEnd + view.getUint16(30, true)));
  return {
    path: pathOf(name), kind: name.endsWith('/') ? 'dir' : 'file', size: file.size,
    mtime: timeOf(view.getUint16(14, true), view.getUint16(12, true)),
    open: (signal) => unpack(reader, file, signal),
  };
}

/** The extra field 1 (zip64) has the 64-bit values of the numbers that are 0xffffffff. */
function widen(file: Packed, extra: Uint8Array): void {
  const view = viewOf(extra);

  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1)
      continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    for (const key of ['size', 'packed', 'offset'] as const)
      if (file[key] === 0xffffffff && next + 8 <= end) {
        file[key] = Number(view.getBigUint64(next, true));
        next += 8;
      }
    return;
  }
}

function timeOf(date: number, time: number): number {
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, 2 * (time & 31))
    .getTime() / 1000;
}

function unpack(reader: Reader, file: Packed, signal: AbortSignal): ReadableStream<Uint8Array> {
  const packed = streamOfParts(packedBytes(reader, file, signal)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const content = file.method === METHOD.deflate ? packed.pipeThrough(new DecompressionStream('deflate-raw')) : packed;
  let crc = 0;
  let size = 0;

  return content.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      crc = crc32(crc, part);
      size += part.length;
      if (size > file.size)
        throw new ArchiveError('the file is larger than the archive says');
      controller.enqueue(part);
    },
    flush() {
      if (size !== file.size || crc !== file.crc)
        throw new ArchiveError('the file is damaged: its size or checksum is wrong');
    },
  }));
}

async function* packedBytes(reader: Reader, file: Packed, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (file.flags & ENCRYPTED)
    throw new ArchiveError('the file is encrypted');
  if (file.method !== METHOD.stored && file.method !== METHOD.deflate)
    throw new ArchiveError(`the file is packed with method ${file.method}, which is not supported`);
  const head = await reader.read(file.offset, 30);
  const view = viewOf(head);
  if (head.length < 30 || view.getUint32(0, true) !== LOCAL)
    throw new ArchiveError('the archive is damaged: the file is not where the directory says');
  const start = file.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  for (let done = 0; done < file.packed;) {
    signal.throwIfAborted();
    const part = await reader.read(start + done, Math.min(PART, file.packed - done));
    if (!part.length)
      throw new ArchiveError('the archive is cut off');
    done += part.length;
    yield part;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
