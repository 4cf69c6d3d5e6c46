// SPDX-License-Identifier: GPL-2.0
/*
 * blob.ts - an image in a File or Blob
 *
 * Each read of a Blob is a message to another process of the browser, so small reads are slow:
 * Chromium reads pieces of 64 KiB at 50 MB/s and pieces of 4 MiB at 330 MB/s.  Reading several
 * pieces at the same time is slower than reading them one after the other.
 */
import { BlockCache } from './block-cache.js';
import { type Source, SourceError } from './source.js';

const CACHE = { fetchBlocks: 64, aheadBlocks: 128, inFlight: 1, bytes: 16 << 20 };

/** A File or Blob, read-only. */
export class BlobSource implements Source {
  readonly size: number;
  readonly name: string;
  private readonly blocks: BlockCache;

  constructor(private readonly blob: Blob) {
    this.size = blob.size;
    this.name = 'name' in blob ? String(blob.name) : 'blob';
    this.blocks = new BlockCache(this.size, CACHE, (start, end) => this.fetchRange(start, end));
  }

  read(into: Uint8Array, offset: number): void | Promise<void> {
    return this.blocks.read(into, offset);
  }

  close(): void {
    this.blocks.clear();
  }

  private async fetchRange(start: number, end: number): Promise<Uint8Array> {
    const data = new Uint8Array(await this.blob.slice(start, end).arrayBuffer().catch((cause: Error) => {
      throw new SourceError('CHANGEDFILE', `${this.name}: ${cause.message}`, { cause });
    }));

    if (data.length !== end - start)
      throw new SourceError('CHANGEDFILE', `${this.name}: the file has changed while it is open`);
    return data;
  }
}
