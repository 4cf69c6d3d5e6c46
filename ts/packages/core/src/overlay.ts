// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.ts - keep written blocks in memory, so that the source does not change
 *
 * Used for changes that the user saves elsewhere (Disk.export()), and for journals: a file system
 * replays its journal when it is mounted, even read-only.
 */
import { type Source, after } from './source.js';

const BLOCK = 4096;
/**
 * Maximum number of bytes that a commit writes at once; it reports its progress after each write.
 */
const RUN = 1 << 20;

export class Overlay implements Source {
  readonly size: number;
  readonly name: string;
  private changed = new Map<number, Uint8Array>();
  /** Blocks that a snapshot shares: they are copied before they change. */
  private readonly shared = new Set<number>();

  constructor(readonly base: Source) {
    this.size = base.size;
    this.name = base.name;
  }

  read(into: Uint8Array, offset: number): void | Promise<void> {
    return after(this.base.read(into, offset), () => this.putChanged(into, offset));
  }

  /** Copy the changed blocks over the bytes that were read from the source. */
  private putChanged(into: Uint8Array, offset: number): void {
    if (!this.changed.size)
      return;
    for (const { block, inside, at, len } of blocks(offset, into.length)) {
      const data = this.changed.get(block);
      if (data)
        into.set(data.subarray(inside, inside + len), at);
    }
  }

  async write(from: Uint8Array, offset: number): Promise<void> {
    for (const { block, inside, at, len } of blocks(offset, from.length)) {
      const before = len < BLOCK && !this.changed.has(block) ? await this.original(block) : null;
      // While this function waited, another write may have changed the block.
      let data = this.changed.get(block);
      if (!data)
        this.changed.set(block, data = before ?? new Uint8Array(BLOCK));
      else if (this.shared.delete(block))
        this.changed.set(block, data = data.slice());
      data.set(from.subarray(at, at + len), inside);
    }
  }

  /** The content of the block in the source, followed by zeros beyond the end of the disk. */
  private async original(block: number): Promise<Uint8Array> {
    const data = new Uint8Array(BLOCK);

    await this.base.read(data.subarray(0, Math.min(BLOCK, this.size - block * BLOCK)),
      block * BLOCK);
    return data;
  }

  flush(): void {}

  /** Bytes that changes take in memory. */
  get changedBytes(): number {
    return this.changed.size * BLOCK;
  }

  /** Numbers of the changed blocks of 4096 bytes, ascending. */
  changedBlocks(): number[] {
    return [...this.changed.keys()].sort((a, b) => a - b);
  }

  /** A changed block; beyond the end of the disk it is zeros. */
  changedBlock(block: number): Uint8Array {
    return this.changed.get(block)!.slice();
  }

  /** The current content of the disk, which later writes do not change. */
  snapshot(): Overlay {
    const copy = new Overlay(this.base);

    copy.changed = new Map(this.changed);
    for (const block of this.changed.keys())
      this.shared.add(block);
    return copy;
  }

  /**
   * Write the blocks of @snapshot to the image, and forget those that have not changed since.
   * Yields the number of bytes written so far.
   *
   * @param to writes to the image
   */
  async *commit(snapshot: Overlay, to: Pick<Source, 'write' | 'flush'>): AsyncGenerator<number> {
    const blocks = snapshot.changedBlocks();
    let bytes = 0;
    let reported = 0;

    for (const run of runs(blocks)) {
      const data = snapshot.joined(run);
      await to.write!(data, run[0]! * BLOCK);
      bytes += data.length;
      if (bytes - reported >= RUN)
        yield reported = bytes;
    }
    await to.flush?.();
    for (const block of blocks)
      if (this.changed.get(block) === snapshot.changed.get(block))
        this.changed.delete(block);
    yield bytes;
  }

  /** The bytes of changed blocks that follow each other, up to the end of the disk. */
  private joined(run: readonly number[]): Uint8Array {
    const data = new Uint8Array(run.length * BLOCK);

    for (const [i, block] of run.entries())
      data.set(this.changed.get(block)!, i * BLOCK);
    return data.subarray(0, this.size - run[0]! * BLOCK);
  }

  close(): void | Promise<void> {
    this.changed.clear();
    return this.base.close?.();
  }
}

/** Split ascending @blocks into lists of blocks that follow each other, of up to RUN bytes. */
function* runs(blocks: readonly number[]) {
  for (let start = 0, end = 1; start < blocks.length; end++) {
    if (end < blocks.length && blocks[end] === blocks[end - 1]! + 1 && (end - start) * BLOCK < RUN)
      continue;
    yield blocks.slice(start, end);
    start = end;
  }
}

/** The parts of a range that lie in one block each. */
function* blocks(offset: number, length: number) {
  for (let at = 0; at < length;) {
    const block = Math.floor((offset + at) / BLOCK);
    const inside = offset + at - block * BLOCK;
    const len = Math.min(BLOCK - inside, length - at);
    yield { block, inside, at, len };
    at += len;
  }
}
