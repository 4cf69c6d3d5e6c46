// SPDX-License-Identifier: GPL-2.0
/*
 * reader.ts - ranges of one open file, with a cache of blocks
 */
import type { Disk, FileHandle } from '@anyfs/core';

import { joined } from '../stream/bytes.js';

const BLOCK = 64 << 10;
/** Blocks in the cache: 16 MiB. */
const LIMIT = 256;

export class Reader {
  private readonly blocks = new Map<number, Uint8Array>();
  private readonly loading = new Map<number, Promise<Uint8Array>>();

  private constructor(private readonly file: FileHandle, readonly size: number) {}

  static async open(disk: Disk, path: string): Promise<Reader> {
    const { size } = await disk.statFollow(path);
    return new Reader(await disk.open(path), size);
  }

  /** The bytes of a range if all of them are in the cache, else null. */
  cached(offset: number, length: number): Uint8Array | null {
    const end = Math.min(this.size, offset + length);
    const parts: Uint8Array[] = [];

    for (let nr = Math.floor(offset / BLOCK); nr * BLOCK < end; nr++) {
      const block = this.blocks.get(nr);
      if (!block)
        return null;
      parts.push(block.subarray(Math.max(0, offset - nr * BLOCK), Math.max(0, end - nr * BLOCK)));
    }
    return joined(parts);
  }

  /** Up to @length bytes from @offset on; fewer at the end of the file. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const parts: Uint8Array[] = [];

    for (let nr = Math.floor(offset / BLOCK); nr * BLOCK < end; nr++) {
      const block = await this.block(nr);
      parts.push(block.subarray(Math.max(0, offset - nr * BLOCK), Math.max(0, end - nr * BLOCK)));
    }
    return joined(parts);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private block(nr: number): Promise<Uint8Array> {
    const have = this.blocks.get(nr);
    if (have)
      return Promise.resolve(have);
    let promise = this.loading.get(nr);
    if (!promise) {
      promise = this.load(nr).finally(() => this.loading.delete(nr));
      this.loading.set(nr, promise);
    }
    return promise;
  }

  private async load(nr: number): Promise<Uint8Array> {
    const block = await this.file.read(nr * BLOCK, BLOCK);
    this.blocks.set(nr, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= LIMIT)
        break;
      this.blocks.delete(oldest);
    }
    return block;
  }
}
