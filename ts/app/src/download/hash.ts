// SPDX-License-Identifier: GPL-2.0
/*
 * hash.ts - the checksum of a stream: cut it into blocks, and pad the last one
 */
export interface Hash {
  /** Bytes of a block. */
  readonly block: number;
  /** Whether the length and the result are big-endian. */
  readonly bigEndian: boolean;
  compress(data: Uint8Array, at: number): void;
  words(): Uint32Array;
}

export class Hasher {
  private readonly rest: Uint8Array;
  private filled = 0;
  private total = 0;

  constructor(private readonly hash: Hash) {
    this.rest = new Uint8Array(hash.block);
  }

  update(data: Uint8Array): void {
    const { rest, hash } = this;
    let at = 0;

    this.total += data.length;
    if (this.filled) {
      at = Math.min(hash.block - this.filled, data.length);
      rest.set(data.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < hash.block)
        return;
      hash.compress(rest, 0);
      this.filled = 0;
    }
    for (; at + hash.block <= data.length; at += hash.block)
      hash.compress(data, at);
    rest.set(data.subarray(at));
    this.filled = data.length - at;
  }

  /** The checksum in hexadecimal digits. */
  digest(): string {
    const { hash, total } = this;
    const little = !hash.bigEndian;
    const padding = new Uint8Array(hash.block + (this.filled < hash.block - 8 ? 0 : hash.block) - this.filled);
    const view = new DataView(padding.buffer);

    padding[0] = 0x80;
    view.setBigUint64(padding.length - 8, BigInt(total) * 8n, little);
    this.update(padding);
    const words = hash.words();
    const result = new DataView(new ArrayBuffer(4 * words.length));
    words.forEach((word, i) => result.setUint32(4 * i, word, little));
    return [...new Uint8Array(result.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
