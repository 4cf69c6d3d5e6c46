// SPDX-License-Identifier: GPL-2.0
/*
 * foreign.ts - recognise files that are not images of disks, to name their type
 */
const table: readonly [name: string, offset: number, bytes: readonly number[] | string][] = [
  ['ZIP', 0, 'PK\x03\x04'],
  ['7-Zip', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['RAR', 0, 'Rar!'],
  ['gzip', 0, [0x1f, 0x8b]],
  ['xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', 0, 'BZh'],
  ['Zstandard', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['tar', 257, 'ustar'],
  ['PDF', 0, '%PDF-'],
  ['PNG', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', 0, [0xff, 0xd8, 0xff]],
  ['ELF', 0, '\x7fELF'],
  ['SQLite', 0, 'SQLite format 3\0'],
];
const PACKED = new Set(['ZIP', '7-Zip', 'RAR', 'gzip', 'xz', 'bzip2', 'Zstandard', 'tar']);

export interface Foreign {
  name: string;
  /** An archive or a compressed file, which may contain an image. */
  packed: boolean;
}

export function foreignContent(head: Uint8Array): Foreign | null {
  const found = table.find(([, offset, bytes]) => {
    const want = typeof bytes === 'string' ? [...bytes].map((c) => c.charCodeAt(0)) : bytes;
    return want.every((byte, i) => head[offset + i] === byte);
  });
  return found ? { name: found[0], packed: PACKED.has(found[0]) } : null;
}
