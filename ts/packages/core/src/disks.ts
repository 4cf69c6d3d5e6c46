// SPDX-License-Identifier: GPL-2.0
/*
 * disks.ts - serve the kernel's block requests from sources
 *
 * The kernel sends a request as an array of pieces of its memory, most of them of one page.  A
 * source gets the request as one read or write, because a call of the host takes longer than
 * copying a page of memory.  If the source finishes at once, the request is completed in submit(),
 * otherwise when the promise of the source is settled.
 */
import { errno } from './errno.js';
import { cpu as P, diskFlag, diskParams, iov, irq, op, request as R } from './layout.js';
import type { Statistics } from './interface.js';
import type { Memory } from './memory.js';
import { type Source, after } from './source.js';

const SECTOR = 512;
/** Bytes; io_opt of struct lkl_disk_params.  The kernel reads twice this amount ahead. */
const IO_OPT = 1 << 20;
/** Results of submit(): the request will be completed later, or is complete. */
const KEPT = 1;
const DONE = 0;

export class Disks {
  /** Address of the kernel's struct lkl_cpu. */
  cpu = 0;
  readonly statistics: Statistics = { requests: 0, bytesRead: 0, bytesWritten: 0 };
  private readonly sources = new Map<number, Source>();
  private lastId = 0;
  private lastError: Error | null = null;
  /** The buffer of an earlier request, used again because the first use of new memory is slow. */
  private spare = new Uint8Array(0);

  constructor(private readonly mem: Memory, private readonly post: (bits: number) => void) {}

  /** The error of the last failed request, which the kernel only knows as EIO; returned once. */
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
    mem.setU32(addr + diskParams.ioOpt, IO_OPT);
    mem.setU32(addr + diskParams.hostDisk, id);
  }

  release(id: number): void {
    this.sources.delete(id);
  }

  /** Like blk_submit() in lkl_abi.h. */
  submit(id: number, req: number): number {
    const source = this.sources.get(id);
    let pending: void | Promise<void>;

    this.statistics.requests++;
    if (!source)
      return this.finish(req, -errno.EIO);
    try {
      pending = after(this.start(source, req), () => {});
    } catch (err) {
      return this.fail(req, err);
    }
    if (!pending)
      return DONE;
    pending.then(() => this.finish(req, 0), (err: unknown) => this.fail(req, err))
      .then(() => this.complete(req));
    return KEPT;
  }

  /** Start the request @req. */
  private start(source: Source, req: number): void | Promise<void> {
    const { mem } = this;
    const offset = mem.u64(req + R.offset);

    switch (mem.u32(req + R.op)) {
      case op.read:
        return this.read(source, this.pieces(req), offset);
      case op.write:
        if (source.write)
          return this.write(source, this.pieces(req), offset);
        this.finish(req, -errno.EROFS);
        return;
      case op.flush:
        return source.flush?.();
      default:
        this.finish(req, -errno.EOPNOTSUPP);
    }
  }

  private pieces(req: number): Uint8Array[] {
    const { mem } = this;
    const first = mem.u32(req + R.iov);
    const end = first + mem.u32(req + R.nrIov) * iov.size;
    const pieces: Uint8Array[] = [];

    for (let v = first; v < end; v += iov.size) {
      const base = mem.u32(v + iov.base);
      pieces.push(mem.bytes.subarray(base, base + mem.u32(v + iov.len)));
    }
    return pieces;
  }

  private read(source: Source, pieces: Uint8Array[], offset: number): void | Promise<void> {
    if (pieces.length === 1)
      return this.readWhole(source, pieces[0]!, offset);
    const buffer = this.takeBuffer(pieces);
    const scatter = () => {
      copyPieces(pieces, (piece, at) => piece.set(buffer.subarray(at, at + piece.length)));
      this.spare = buffer;
    };

    return after(this.readWhole(source, buffer, offset), scatter);
  }

  /** Fill @into; bytes of the last sector that are beyond the end of the source are zeros. */
  private readWhole(source: Source, into: Uint8Array, offset: number): void | Promise<void> {
    const have = Math.max(0, Math.min(into.length, source.size - offset));

    this.statistics.bytesRead += have;
    into.fill(0, have);
    return have ? source.read(into.subarray(0, have), offset) : undefined;
  }

  private write(source: Source, pieces: Uint8Array[], offset: number): void | Promise<void> {
    if (pieces.length === 1)
      return this.writeWhole(source, pieces[0]!, offset);
    const buffer = this.takeBuffer(pieces);
    copyPieces(pieces, (piece, at) => buffer.set(piece, at));

    return after(this.writeWhole(source, buffer, offset), () => { this.spare = buffer; });
  }

  private writeWhole(source: Source, from: Uint8Array, offset: number): void | Promise<void> {
    if (offset + from.length > source.size)
      throw new Error(`${source.name}: its last sector is incomplete and cannot be written`);
    this.statistics.bytesWritten += from.length;
    return source.write!(from, offset);
  }

  /** Room for all @pieces; returned to this.spare when no source uses it any more. */
  private takeBuffer(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
    const len = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const buffer = this.spare.buffer.byteLength < len ? new ArrayBuffer(len) : this.spare.buffer;

    this.spare = new Uint8Array(0);
    return new Uint8Array(buffer, 0, len);
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

/** Call @copy with each piece and its place in the request. */
function copyPieces(pieces: Uint8Array[], copy: (piece: Uint8Array, at: number) => void): void {
  let at = 0;

  for (const piece of pieces) {
    copy(piece, at);
    at += piece.length;
  }
}
