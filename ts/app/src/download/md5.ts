// SPDX-License-Identifier: GPL-2.0
/*
 * md5.ts - MD5 (RFC 1321) of a stream, for files whose publisher gives no better checksum
 */
import type { Hash } from './hash.js';

const SHIFTS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const T = Uint32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

export function md5(): Hash {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const m = new Uint32Array(16);

  return {
    block: 64, bigEndian: false,
    compress(data, at) {
      for (let i = 0; i < 16; i++, at += 4)
        m[i] = data[at]! | data[at + 1]! << 8 | data[at + 2]! << 16 | data[at + 3]! << 24;
      let [a, b, c, d] = state as unknown as [number, number, number, number];
      for (let i = 0; i < 64; i++) {
        const [mixed, word] = mix(i, b, c, d);
        const sum = a + mixed + T[i]! + m[word]! | 0;
        const shift = SHIFTS[i >> 4]![i & 3]!;
        a = d;
        d = c;
        c = b;
        b = b + (sum << shift | sum >>> 32 - shift) | 0;
      }
      [a, b, c, d].forEach((value, i) => { state[i] = state[i]! + value; });
    },
    words: () => state,
  };
}

/** The function of round @i, and the word of the block that it uses. */
function mix(i: number, b: number, c: number, d: number): [mixed: number, word: number] {
  switch (i >> 4) {
    case 0:
      return [b & c | ~b & d, i];
    case 1:
      return [d & b | ~d & c, (5 * i + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * i) & 15];
  }
}
