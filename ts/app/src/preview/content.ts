// SPDX-License-Identifier: GPL-2.0
/*
 * content.ts - how a file can be shown, according to its first bytes and its name
 */
import type { ArchiveType } from './archive/ArchiveView.js';
import { type Encoding, guessEncoding } from './encoding.js';

export type Content =
  | { view: 'text'; encoding: Encoding }
  | { view: 'image' | 'audio' | 'video' | 'pdf'; type: string }
  | { view: 'archive'; type: ArchiveType }
  | { view: 'sqlite' }
  | { view: 'binary' };

type Row = readonly [view: 'image' | 'audio' | 'video' | 'pdf', type: string, offset: number, magic: string];

const MAGIC: readonly Row[] = [
  ['image', 'image/png', 0, '\x89PNG\r\n'],
  ['image', 'image/jpeg', 0, '\xff\xd8\xff'],
  ['image', 'image/gif', 0, 'GIF8'],
  ['image', 'image/webp', 8, 'WEBP'],
  ['image', 'image/avif', 4, 'ftypavif'],
  ['image', 'image/x-icon', 0, '\0\0\x01\0'],
  ['image', 'image/bmp', 0, 'BM'],
  ['pdf', 'application/pdf', 0, '%PDF-'],
  ['audio', 'audio/wav', 8, 'WAVE'],
  ['audio', 'audio/flac', 0, 'fLaC'],
  ['audio', 'audio/mpeg', 0, 'ID3'],
  ['audio', 'audio/mp4', 4, 'ftypM4A'],
  ['video', 'video/webm', 0, '\x1a\x45\xdf\xa3'],
  ['video', 'video/mp4', 4, 'ftyp'],
];

export function contentOf(name: string, head: Uint8Array): Content {
  const found = MAGIC.find(([, , offset, magic]) => latin1(head, offset, magic.length) === magic);
  const ext = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

  if (found && !(found[1] === 'image/bmp' && ext !== 'bmp'))
    return { view: found[0], type: found[1] };
  if (latin1(head, 0, 4) === 'OggS')
    return ext === 'ogv' ? { view: 'video', type: 'video/ogg' } : { view: 'audio', type: 'audio/ogg' };
  if (ext === 'mp3' && head[0] === 0xff)
    return { view: 'audio', type: 'audio/mpeg' };
  if (latin1(head, 0, 16) === 'SQLite format 3\0')
    return { view: 'sqlite' };
  if (ext === 'svg')
    return { view: 'image', type: 'image/svg+xml' };
  const archive = archiveOf(name, head);
  if (archive)
    return { view: 'archive', type: archive };
  const encoding = guessEncoding(head);
  return encoding ? { view: 'text', encoding } : { view: 'binary' };
}

function archiveOf(name: string, head: Uint8Array): ArchiveType | null {
  if (['PK\x03\x04', 'PK\x05\x06'].includes(latin1(head, 0, 4)))
    return 'zip';
  if (latin1(head, 257, 5) === 'ustar')
    return 'tar';
  return latin1(head, 0, 2) === '\x1f\x8b' && /\.(tar\.gz|tgz)$/i.test(name) ? 'tar.gz' : null;
}

function latin1(data: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...data.subarray(offset, offset + length));
}
