// SPDX-License-Identifier: GPL-2.0
/*
 * lines.ts - the lines of a text of any size, found when they are needed
 *
 * A row is a line, or a part of a line that is longer than MAX_ROW bytes.  The offset of each
 * STEPth row is kept; the rows after it are found again by scanning from that offset.
 */
import type { Encoding } from './encoding.js';
import type { Reader } from './reader.js';

const STEP = 64;
const MAX_ROW = 2000;
const CHUNK = 64 << 10;

export class Lines {
  /** Number of rows found so far. */
  count = 0;
  /** All rows have been found. */
  complete = false;
  private readonly steps: number[] = [];
  private scanned: number;

  constructor(private readonly reader: Reader, private readonly encoding: Encoding) {
    this.scanned = encoding.skip;
  }

  /** Find rows in the next part of the file. */
  async scan(): Promise<void> {
    if (this.complete)
      return;
    const start = this.scanned;
    const data = await this.reader.read(start, CHUNK);
    // Two scans at the same time would count rows twice.
    if (start !== this.scanned)
      return;
    const last = start + data.length >= this.reader.size;

    for (let at = 0; at < data.length;) {
      const end = rowEnd(data, at, last, this.encoding);
      if (end < 0)
        break;
      if (this.count % STEP === 0)
        this.steps.push(this.scanned);
      this.count++;
      this.scanned += end - at;
      at = end;
    }
    this.complete = last;
  }

  /** The texts of a range of rows that have been found. */
  async rows(first: number, count: number): Promise<string[]> {
    const found: string[] = [];
    let row = first - first % STEP;
    let offset = this.steps[row / STEP];

    while (offset !== undefined && row < first + count && offset < this.reader.size) {
      const data = await this.reader.read(offset, CHUNK);
      const last = offset + data.length >= this.reader.size;
      let at = 0;
      for (; row < first + count; row++) {
        const end: number = at < data.length ? rowEnd(data, at, last, this.encoding) : -1;
        if (end < 0)
          break;
        if (row >= first)
          found.push(this.decode(data.subarray(at, end)));
        at = end;
      }
      if (!at)
        break;
      offset += at;
    }
    return found;
  }

  private decode(bytes: Uint8Array): string {
    return new TextDecoder(this.encoding.label).decode(bytes).replace(/\r?\n$/, '');
  }
}

/** Where the row that begins at @at ends; negative: beyond @data. */
function rowEnd(data: Uint8Array, at: number, last: boolean, encoding: Encoding): number {
  const newline = newlineAfter(data, at, encoding);

  if (newline >= 0 && newline - at <= MAX_ROW)
    return newline;
  if (data.length - at > MAX_ROW)
    return characterStart(data, at + MAX_ROW, encoding);
  return last ? data.length : -1;
}

/** The offset after the next newline; negative: there is none in @data. */
function newlineAfter(data: Uint8Array, at: number, { unit, bigEndian }: Encoding): number {
  for (let i = data.indexOf(10, at); i >= 0; i = data.indexOf(10, i + 1)) {
    if (unit === 1)
      return i + 1;
    if (bigEndian ? (i - at) % 2 === 1 && data[i - 1] === 0 : (i - at) % 2 === 0 && data[i + 1] === 0)
      return bigEndian ? i + 1 : i + 2;
  }
  return -1;
}

/** The start of the character at @at, or of the one before it. */
function characterStart(data: Uint8Array, at: number, { label, unit, bigEndian }: Encoding): number {
  if (label === 'utf-8') {
    for (let back = 0; back < 4; back++)
      if ((data[at - back]! & 0xc0) !== 0x80)
        return at - back;
  } else if (unit === 2 && (data[at + (bigEndian ? 0 : 1)]! & 0xfc) === 0xdc) {
    return at - 2;
  }
  return at;
}
