// SPDX-License-Identifier: GPL-2.0
/*
 * contexts.ts - the virtual CPU and its contexts
 *
 * Each task of the kernel is a call of an exported function that was made with
 * Suspension.promising().  A task that waits is suspended inside an import; the Map "contexts"
 * has the function that continues it.  All contexts share one JavaScript thread: at most one runs
 * at a time, and cpu.held says whether one is running.
 *
 * An engine with JSPI never frees the stack of a suspended function, nor the instance that it
 * belongs to, even if nothing can continue the function.  So an exception ends each stack that is
 * no longer needed.
 *
 * A task that stands for a caller is "native" while the caller is in a system call: the task then
 * runs on the stack of that call.  When the call has returned, the task stays the current one; the
 * next user of the CPU starts the kernel's park function for it.
 *
 * The compiler keeps variables whose address is taken on a stack in the module's memory.  The
 * pointer to that stack is an exported global, which belongs to the running context: it is saved
 * when a context is suspended and set when one is resumed.
 */
import { ctx as C, cpu as P, irq, thread as T, want } from './layout.js';
import type { Memory } from './memory.js';

interface Context {
  /** Function that the first switch to this context calls; 0: already called. */
  start: number;
  sp: number;
  suspended: Suspended | null;
}

interface Suspended {
  wake: () => void;
  end: (reason: unknown) => void;
}

/** Ends the stack of a task whose caller took its place. */
const ABANDONED = new Error('this stack is no longer needed');

type Told = { go: () => void; dead: (reason: Error) => void };

export interface Entries {
  run(fn: number): Promise<number>;
  stackPointer: WebAssembly.Global;
  park: number;
}

export class Contexts {
  /** Set when the instance has ended. */
  death: Error | null = null;
  cpu = 0;
  entries!: Entries;
  private readonly contexts = new Map<number, Context>();
  private readonly waiters = new Map<number, Told>();

  constructor(private readonly mem: Memory) {}

  // ---- operations that the kernel calls ----

  init(ctx: number, fn: number): void {
    const sp = this.mem.u32(ctx + C.stack) + this.mem.u32(ctx + C.stackSize);
    this.contexts.set(ctx, { start: fn, sp, suspended: null });
  }

  switch(prev: number, next: number): Promise<void> {
    return new Promise((wake, end) => {
      this.save(prev, { wake, end });
      this.resume(next);
    });
  }

  /**
   * The task of @ctx continues in the system call of @thread; its own stack is not used any longer.
   */
  native(ctx: number, thread: number): never {
    this.mem.setU32(ctx + C.thread, thread);
    this.contexts.set(ctx, { start: 0, sp: 0, suspended: null });
    this.waiters.get(thread)?.go();
    this.waiters.delete(thread);
    throw ABANDONED;
  }

  gone(thread: number): void {
    this.waiters.get(thread)?.dead(new Error('the kernel has no memory for another task'));
    this.waiters.delete(thread);
  }

  idle(ctx: number): Promise<void> | undefined {
    if (this.mem.u32(this.cpu + P.irqs))
      return undefined;
    return new Promise((wake, end) => {
      this.save(ctx, { wake, end });
      this.mem.setU32(this.cpu + P.held, 0);
    });
  }

  // ---- operations of the host ----

  /** Set interrupt bits, for a kernel that is running. */
  setInterrupts(bits: number): void {
    const irqs = this.cpu + P.irqs;

    if (this.cpu)
      this.mem.setU32(irqs, this.mem.u32(irqs) | bits);
  }

  /** Post interrupt bits; run the kernel if no context runs. */
  post(bits: number): void {
    if (this.death || !this.cpu)
      return;
    this.setInterrupts(bits);
    if (!this.mem.u32(this.cpu + P.held))
      this.runCurrent();
  }

  /** Run @ctx from the start, until the task of @thread is native. */
  boot(ctx: number, fn: number, thread: number): Promise<void> {
    this.mem.setU32(this.cpu + P.held, 1);
    this.init(ctx, fn);
    const ready = this.waitForTurn(thread);
    this.resume(ctx);
    return ready;
  }

  /** Make the task of @thread current and native; at once if it is current and no context runs. */
  enter(thread: number): void | Promise<void> {
    const { mem, cpu } = this;
    if (this.death)
      throw this.death;
    const ctx = mem.u32(thread + T.ctx);
    if (!mem.u32(cpu + P.held) && ctx && mem.u32(cpu + P.currentCtx) === ctx) {
      mem.setU32(cpu + P.held, 1);
      return;
    }
    mem.setU32(thread + T.want, want.enter);
    mem.setU32(thread + T.next, mem.u32(cpu + P.threads));
    mem.setU32(cpu + P.threads, thread);
    const go = this.waitForTurn(thread);
    this.post(irq.thread);
    return go;
  }

  leave(): void {
    const { mem, cpu } = this;
    if (this.death)
      return;
    if (mem.u32(cpu + P.resched) || mem.u32(cpu + P.irqs))
      this.runCurrent();
    else
      mem.setU32(cpu + P.held, 0);
  }

  /** The instance has ended: every call that waits in it fails with @reason. */
  kill(reason: Error): void {
    this.death ??= reason;
    for (const w of this.waiters.values())
      w.dead(this.death);
    this.waiters.clear();
    for (const { suspended } of this.contexts.values())
      suspended?.end(this.death);
    this.contexts.clear();
    this.onDeath(this.death);
  }

  /** Replaced by the owner: fails the calls that are suspended inside the kernel. */
  onDeath: (reason: Error) => void = () => {};

  private waitForTurn(thread: number): Promise<void> {
    return new Promise((go, dead) => this.waiters.set(thread, { go, dead }));
  }

  private save(ctx: number, suspended: Suspended): void {
    const sp = this.entries.stackPointer.value as number;
    const c = this.contexts.get(ctx);
    if (c) {
      c.sp = sp;
      c.suspended = suspended;
    } else {
      this.contexts.set(ctx, { start: 0, sp, suspended });
    }
  }

  /** Take the CPU and continue with the current task; park it if its caller has left. */
  private runCurrent(): void {
    const { mem, cpu } = this;
    const ctx = mem.u32(cpu + P.currentCtx);
    mem.setU32(cpu + P.held, 1);
    if (mem.u32(ctx + C.thread)) {
      mem.setU32(ctx + C.thread, 0);
      this.init(ctx, this.entries.park);
    }
    this.resume(ctx);
  }

  private resume(ctx: number): void {
    const c = this.contexts.get(ctx);
    if (!c)
      throw new Error(`switch to a context that does not exist: ${ctx}`);
    const { stackPointer, run } = this.entries;
    if (c.start) {
      const fn = c.start;
      c.start = 0;
      // Later, not in this call: a JavaScript frame below the function could not be suspended.
      queueMicrotask(() => {
        stackPointer.value = c.sp;
        run(fn).catch((err: Error) => {
          if (err !== ABANDONED && !this.death)
            this.kill(err);
        });
      });
      return;
    }
    const { suspended } = c;
    if (!suspended)
      throw new Error(`switch to a context that runs: ${ctx}`);
    c.suspended = null;
    stackPointer.value = c.sp;
    suspended.wake();
  }
}
