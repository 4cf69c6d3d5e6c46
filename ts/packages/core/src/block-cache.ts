// SPDX-License-Identifier: GPL-2.0
/*
 * block-cache.ts - keep blocks of a file whose reads take long, and fetch ahead
 *
 * A read fetches the blocks that it needs and that are absent.  For a sequential reader it also
 * fetches blocks ahead, in large pieces; it starts the next piece when less than half of the
 * blocks ahead are cached.  Blocks that a sequential reader has read are dropped first, because
 * the kernel keeps their content in its own page cache.
 */

/** Bytes of a block. */
export const BLOCK = 64 << 10;

/** Returns the bytes of the file from @start to before @end. */
export type Fetch = (start: number, end: number) => Promise<Uint8Array>;

export interface BlockCacheLimits {
  /** Maximum number of blocks of one fetch. */
  fetchBlocks: number;
  /** Blocks that are fetched ahead of a sequential reader. */
  aheadBlocks: number;
  /** Maximum number of fetches at the same time. */
  inFlight: number;
  /** Bytes of blocks to keep. */
  bytes: number;
}

export class BlockCache {
  /**
   * Cached blocks, and promises of blocks that are being fetched, by number; the oldest are first
   * and are dropped first.  A block that a reader used after a jump becomes the newest.
   */
  private readonly blocks = new Map<number, Uint8Array | Promise<Uint8Array>>();
  private readonly end: number;
  private readonly capacity: number;
  private running = 0;
  private readonly queue: (() => void)[] = [];
  /** next: the block after the last read; ahead: how many blocks are fetched ahead of a reader. */
  private next = -1;
  private ahead = 1;

  /** For a file of @size bytes. */
  constructor(private readonly size: number, private readonly limits: BlockCacheLimits,
    private readonly fetch: Fetch) {
    this.end = Math.ceil(size / BLOCK);
    this.capacity = Math.max(2 * limits.aheadBlocks, limits.bytes / BLOCK);
  }

  /** Keep @data as the first block. */
  putFirst(data: Uint8Array): void {
    if (data.length === Math.min(BLOCK, this.size))
      this.blocks.set(0, data);
  }

  clear(): void {
    this.blocks.clear();
  }

  /** Fill @into from @offset on; finishes at once if all blocks are cached. */
  read(into: Uint8Array, offset: number): void | Promise<void> {
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((offset + into.length - 1) / BLOCK);

    this.prepare(first, last);
    if (this.ahead === 1)
      this.touch(first, last);
    return this.copy(into, offset, first, last);
  }

  /** Copy the blocks from @first to @last, and wait for each block that has not arrived yet. */
  private copy(into: Uint8Array, offset: number, first: number, last: number): void | Promise<void> {
    for (let nr = first; nr <= last; nr++) {
      const data = this.block(nr);
      if (data instanceof Promise)
        return data.then((bytes) => {
          copyBlock(into, offset, nr, bytes);
          return this.copy(into, offset, nr + 1, last);
        });
      copyBlock(into, offset, nr, data);
    }
  }

  /** Start all fetches that a read needs at once, and some more for a sequential reader. */
  private prepare(first: number, last: number): void {
    const sequential = first === this.next || first === this.next - 1;

    this.ahead = sequential ? Math.min(this.limits.aheadBlocks, this.ahead * 2) : 1;
    this.next = last + 1;
    const half = Math.min(this.end - 1, last + (this.ahead >> 1));
    this.fetchAbsent(first, this.blocks.has(half) ? last + 1 : Math.min(this.end, this.stop(last)));
  }

  /** The block before which to stop fetching; the end of a piece, if several pieces are ahead. */
  private stop(last: number): number {
    const { ahead, limits: { fetchBlocks } } = this;
    const stop = last + ahead;

    return ahead > fetchBlocks ? stop - stop % fetchBlocks : stop;
  }

  /** Drop these blocks last. */
  private touch(first: number, last: number): void {
    for (let nr = first; nr <= last; nr++) {
      const data = this.blocks.get(nr);
      if (data && this.blocks.delete(nr))
        this.blocks.set(nr, data);
    }
  }

  /** Fetch the blocks from @first to before @stop that are absent. */
  private fetchAbsent(first: number, stop: number): void {
    for (let nr = first; nr < stop;) {
      let count = 0;
      while (nr + count < stop && count < this.limits.fetchBlocks && !this.blocks.has(nr + count))
        count++;
      if (count)
        this.fetchBlocks(nr, count);
      nr += Math.max(1, count);
    }
  }

  private block(nr: number): Uint8Array | Promise<Uint8Array> {
    if (!this.blocks.has(nr))
      this.fetchBlocks(nr, 1);
    return this.blocks.get(nr)!;
  }

  private fetchBlocks(first: number, count: number): void {
    const start = first * BLOCK;
    const all = this.fetchRange(start, Math.min(this.size, start + count * BLOCK));

    for (let i = 0; i < count; i++)
      this.keep(first + i, all.then((bytes) => bytes.subarray(i * BLOCK, (i + 1) * BLOCK)));
    for (const nr of this.blocks.keys()) {
      if (this.blocks.size <= this.capacity)
        break;
      if (nr < first || nr >= first + count)
        this.blocks.delete(nr);
    }
  }

  /** Replace the promise @data by its bytes; a block that failed is fetched by the next read. */
  private keep(nr: number, data: Promise<Uint8Array>): void {
    const isCurrent = () => this.blocks.get(nr) === data;

    this.blocks.set(nr, data);
    data.then(
      (bytes) => isCurrent() && this.blocks.set(nr, bytes),
      () => isCurrent() && this.blocks.delete(nr));
  }

  private async fetchRange(start: number, end: number): Promise<Uint8Array> {
    if (this.running >= this.limits.inFlight)
      await new Promise<void>((go) => this.queue.push(go));
    this.running++;
    try {
      return await this.fetch(start, end);
    } finally {
      this.running--;
      this.queue.shift()?.();
    }
  }
}

/** @into is read from @offset on: copy the bytes that lie in block @nr, whose content is @data. */
function copyBlock(into: Uint8Array, offset: number, nr: number, data: Uint8Array): void {
  const start = nr * BLOCK;
  const from = Math.max(offset, start);
  const to = Math.min(offset + into.length, start + data.length);

  into.set(data.subarray(from - start, to - start), from - offset);
}
