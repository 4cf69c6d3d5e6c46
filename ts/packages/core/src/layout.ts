// SPDX-License-Identifier: GPL-2.0
/*
 * layout.ts - offsets of members in the structures of lkl_abi.h and lkl_cpu.h
 *
 * For wasm32: pointers and sizes have 4 bytes, 64-bit numbers are aligned to 8.
 */
export const ctx = { sp: 0, stack: 4, stackSize: 8, thread: 12 } as const;

export const thread = { next: 0, ctx: 4, task: 8, want: 12, ready: 16, size: 20 } as const;

export const cpu = {
  held: 0, irqs: 4, resched: 8, currentCtx: 16, threads: 20, blkDone: 24,
} as const;

export const request = {
  next: 0, iov: 20, offset: 24, len: 32, nrIov: 40, op: 44, flags: 48, status: 52,
} as const;

export const iov = { base: 0, len: 4, size: 8 } as const;

export const diskParams = {
  size: 0, flags: 4, capacity: 8, logicalBlock: 16, physicalBlock: 20, ioOpt: 24,
  discardGranularity: 28, hostDisk: 32, bytes: 40,
} as const;

export const irq = { timer: 1, thread: 2, block: 4 } as const;
export const want = { enter: 0, exit: 1 } as const;
export const op = { read: 0, write: 1, flush: 2, discard: 3, zero: 4 } as const;
export const diskFlag = { readonly: 1, flush: 2 } as const;
export const stopReason = { halt: 0, panic: 1 } as const;
