// SPDX-License-Identifier: GPL-2.0
/*
 * disks.ts - serve the kernel's block requests from sources
 *
 * The kernel sends a whole request as an array of pieces of its memory.  A source that
 * answers at once completes it in submit(); otherwise the request is completed when its
 * last promise is settled.
 */
import { errno } from './errno.js';
import { cpu as P, diskFlag, diskParams, iov, irq, op, request as R } from './layout.js';
import type { Statistics } from './interface.js';
import type { Memory } from './memory.js';
import type { Source } from './source.js';

const SECTOR = 512;
const KEPT = 1;
const DONE = 0;

export class Disks {
  /** Address of the kernel's struct lkl_cpu. */
  cpu = 0;
  readonly statistics: Statistics = { requests: 0, bytesRead: 0, bytesWritten: 0 };
  private readonly sources = new Map<number, Source>();
  private lastId = 0;
  private lastError: Error | null = null;

  constructor(private readonly mem: Memory, private readonly post: (bits: number) => void) {}

  /** Why the last request failed, once: the kernel only knows EIO. */
  takeError(): Error | null {
    const error = this.lastError;
    this.lastError = null;
    return error;
  }

  /** Fill a struct lkl_disk_params for @source at @addr. */
  describe(source: Source, addr: number): void {
    const { mem } = this;
    const id = ++this.lastId;
    this.sources.set(id, source);
    mem.bytes.fill(0, addr, addr + diskParams.bytes);
    mem.setU32(addr + diskParams.size, diskParams.bytes);
    mem.setU32(addr + diskParams.flags,
      source.write ? (source.flush ? diskFlag.flush : 0) : diskFlag.readonly);
    mem.setI64(addr + diskParams.capacity, Math.ceil(source.size / SECTOR) * SECTOR);
    mem.setU32(addr + diskParams.logicalBlock, SECTOR);
    mem.setU32(addr + diskParams.physicalBlock, SECTOR);
    mem.setU32(addr + diskParams.hostDisk, id);
  }

  release(id: number): void {
    this.sources.delete(id);
  }

  /** As blk_submit() in lkl_abi.h. */
  submit(id: number, req: number): number {
    const source = this.sources.get(id);
    let pending: Promise<void>[];

    this.statistics.requests++;
    if (!source)
      return this.finish(req, -errno.EIO);
    try {
      pending = this.start(source, req);
    } catch (err) {
      return this.fail(req, err);
    }
    if (!pending.length)
      return DONE;
    Promise.all(pending).then(() => this.finish(req, 0), (err: unknown) => this.fail(req, err))
      .then(() => this.complete(req));
    return KEPT;
  }

  /** Start the request @req; returns the promises to wait for. */
  private start(source: Source, req: number): Promise<void>[] {
    const { mem } = this;

    switch (mem.u32(req + R.op)) {
      case op.read:
        return this.pieces(req, (piece, offset) => this.read(source, piece, offset));
      case op.write:
        if (!source.write) {
          this.finish(req, -errno.EROFS);
          return [];
        }
        return this.pieces(req, (piece, offset) => this.write(source, piece, offset));
      case op.flush: {
        const p = source.flush?.();
        return p ? [p] : [];
      }
      default:
        this.finish(req, -errno.EOPNOTSUPP);
        return [];
    }
  }

  private pieces(req: number, transfer: (piece: Uint8Array, offset: number) => void | Promise<void>) {
    const { mem } = this;
    const first = mem.u32(req + R.iov);
    const end = first + mem.u32(req + R.nrIov) * iov.size;
    let offset = mem.u64(req + R.offset);
    const pending: Promise<void>[] = [];

    for (let v = first; v < end; v += iov.size) {
      const base = mem.u32(v + iov.base);
      const len = mem.u32(v + iov.len);
      const p = transfer(mem.bytes.subarray(base, base + len), offset);
      if (p)
        pending.push(p);
      offset += len;
    }
    return pending;
  }

  /** The last sector may reach beyond the end of the source: zeros. */
  private read(source: Source, piece: Uint8Array, offset: number): void | Promise<void> {
    const have = Math.max(0, Math.min(piece.length, source.size - offset));

    this.statistics.bytesRead += have;
    piece.fill(0, have);
    return have ? source.read(piece.subarray(0, have), offset) : undefined;
  }

  private write(source: Source, piece: Uint8Array, offset: number): void | Promise<void> {
    if (offset + piece.length > source.size)
      throw new Error(`${source.name}: its last sector is incomplete and cannot be written`);
    this.statistics.bytesWritten += piece.length;
    return source.write!(piece, offset);
  }

  private finish(req: number, status: number): number {
    this.mem.view.setInt32(req + R.status, status, true);
    return DONE;
  }

  private fail(req: number, err: unknown): number {
    this.lastError = err instanceof Error ? err : new Error(String(err));
    return this.finish(req, -errno.EIO);
  }

  private complete(req: number): void {
    const { mem, cpu } = this;

    mem.setU32(req + R.next, mem.u32(cpu + P.blkDone));
    mem.setU32(cpu + P.blkDone, req);
    this.post(irq.block);
  }
}
