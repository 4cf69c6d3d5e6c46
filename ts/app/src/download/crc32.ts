// SPDX-License-Identifier: GPL-2.0
/*
 * crc32.ts - the checksum of ZIP archives
 */
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++)
    n = n & 1 ? n >>> 1 ^ 0xedb88320 : n >>> 1;
  return n;
});

/** Continue the checksum of the data so far (0 at the start) with more data. */
export function crc32(crc: number, data: Uint8Array): number {
  let value = ~crc;
  for (let i = 0; i < data.length; i++)
    value = value >>> 8 ^ table[(value ^ data[i]!) & 255]!;
  return ~value >>> 0;
}
