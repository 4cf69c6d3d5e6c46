// SPDX-License-Identifier: GPL-2.0
/*
 * encoding.ts - guess how a text is encoded
 */
import { type SplitText, linesOf, withEnds } from './line-ends.js';

export interface Encoding {
  /** For TextDecoder. */
  label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** Bytes of the smallest character. */
  unit: 1 | 2;
  bigEndian: boolean;
  /** Bytes of a byte order mark. */
  skip: number;
}

export const LABELS = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16 LE', 'utf-16be': 'UTF-16 BE', 'windows-1252': 'Latin-1' };

export function encodingOf(label: Encoding['label'], head: Uint8Array): Encoding {
  const mark = markOf(head);

  return {
    label, unit: label.startsWith('utf-16') ? 2 : 1, bigEndian: label === 'utf-16be',
    skip: mark?.label === label ? mark.bytes : 0,
  };
}

function markOf(head: Uint8Array): { label: Encoding['label']; bytes: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { label: 'utf-8', bytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe)
    return { label: 'utf-16le', bytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff)
    return { label: 'utf-16be', bytes: 2 };
  return null;
}

/** The encoding of a text that begins with @head; null: it does not seem to be a text. */
export function guessEncoding(head: Uint8Array): Encoding | null {
  const mark = markOf(head);
  if (mark)
    return encodingOf(mark.label, head);
  if (head.includes(0)) {
    const wide = guessWide(head);
    return wide && encodingOf(wide, head);
  }
  if (isUtf8(head))
    return hasControls(head) ? null : encodingOf('utf-8', head);
  return hasControls(head) ? null : encodingOf('windows-1252', head);
}

/** In UTF-16, a text of mostly Latin letters has a zero in every second byte. */
function guessWide(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  let even = 0;
  let odd = 0;

  for (let i = 0; i + 1 < head.length; i += 2) {
    even += Number(head[i] === 0);
    odd += Number(head[i + 1] === 0);
  }
  const pairs = head.length / 2;
  if (odd > 0.7 * pairs && even < 0.05 * pairs)
    return 'utf-16le';
  return even > 0.7 * pairs && odd < 0.05 * pairs ? 'utf-16be' : null;
}

function isUtf8(head: Uint8Array): boolean {
  try {
    // The last character may be incomplete.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The data has more control characters than a text would have. */
function hasControls(head: Uint8Array): boolean {
  const TEXT = new Set([7, 8, 9, 10, 12, 13, 27]);
  let controls = 0;

  for (const byte of head)
    controls += Number((byte < 32 && !TEXT.has(byte)) || byte === 127);
  return controls > head.length / 100;
}

/** The text of a whole file, with LF as the only line end; throws if @bytes are not such a text. */
export function decodeText(bytes: Uint8Array, { label, skip }: Encoding): SplitText {
  return linesOf(new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(skip)));
}

/**
 * Encode @value, and give each line the line end that the line has in @original.  Throws if the
 * encoding lacks a character.
 */
export function encodeText(value: string, original: SplitText, { label, skip, bigEndian }: Encoding): Uint8Array {
  const text = `${skip ? '\ufeff' : ''}${withEnds(value, original)}`;

  if (label === 'utf-8')
    return new TextEncoder().encode(text);
  if (label === 'windows-1252')
    return encodeBytes(text);
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++)
    view.setUint16(2 * i, text.charCodeAt(i), !bigEndian);
  return bytes;
}

function encodeBytes(text: string): Uint8Array {
  const all = new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i));
  const codes = new Map([...all].map((letter, code) => [letter, code]));

  return Uint8Array.from(text, (letter) => {
    const code = codes.get(letter);
    if (code === undefined)
      throw new Error(`“${letter}” does not exist in ${LABELS['windows-1252']}, the encoding of this file`);
    return code;
  });
}
