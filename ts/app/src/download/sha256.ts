// SPDX-License-Identifier: GPL-2.0
/*
 * sha256.ts - SHA-256 (FIPS 180-4) of a stream, because Web Crypto needs the whole data at once
 */
import type { Hash } from './hash.js';

/** The first 32 bits of the fractions of a root of the first primes. */
function fractions(count: number, root: (n: number) => number): Uint32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++)
      prime &&= n % d !== 0;
    if (prime)
      found.push(Math.floor((root(n) % 1) * 2 ** 32));
  }
  return Uint32Array.from(found);
}

const K = fractions(64, Math.cbrt);
const START = fractions(8, Math.sqrt);

export function sha256(): Hash {
  const state = START.slice();
  const w = new Uint32Array(64);

  return {
    block: 64, bigEndian: true,
    compress(data, at) {
      for (let i = 0; i < 16; i++, at += 4)
        w[i] = data[at]! << 24 | data[at + 1]! << 16 | data[at + 2]! << 8 | data[at + 3]!;
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15]!;
        const y = w[i - 2]!;
        w[i] = w[i - 16]! + w[i - 7]! + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
          ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      rounds(state, w);
    },
    words: () => state,
  };
}

function rounds(state: Uint32Array, w: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];

  for (let i = 0; i < 64; i++) {
    const t1 = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) +
      ((e & f) ^ (~e & g)) + K[i]! + w[i]! | 0;
    const t2 = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) +
      ((a & b) ^ (a & c) ^ (b & c)) | 0;
    h = g;
    g = f;
    f = e;
    e = d + t1 | 0;
    d = c;
    c = b;
    b = a;
    a = t1 + t2 | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = state[i]! + value; });
}
