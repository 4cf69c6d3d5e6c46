// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.ts - one instance of the kernel: boot, system calls, disks, end
 */
import { Clock } from './clock.js';
import { Contexts } from './contexts.js';
import { Disks } from './disks.js';
import { irq, stopReason, thread as T } from './layout.js';
import { Memory } from './memory.js';
import { Queue } from './queue.js';
import type { Source } from './source.js';
import { type Suspension, type SuspensionKind, newSuspension } from './suspend.js';

/** Bytes of the stack on which system calls run. */
const STACK = 64 << 10;
const PAGE = 4096;
/** Bytes for the kernel's command line. */
const COMMAND_LINE = 2048;
/** The most bytes that getRandomValues() fills in one call. */
const MAX_RANDOM = 65536;
/** Arguments of a system call, of 8 bytes each. */
const SLOTS = 6;
/** Bytes for the arguments of a call. */
const ARGS = 64;

export interface KernelOptions {
  /** MiB of memory for the kernel; 32 by default. */
  memory?: number;
  commandLine?: string;
  /** How the kernel's tasks wait; by default JSPI where the engine has it. */
  suspension?: SuspensionKind;
  /** Called with each piece of the kernel's messages. */
  print?: (text: string) => void;
  /**
   * Called once if the kernel dies, even if no call is waiting; not called after close().  When the
   * kernel has died, all calls, including those of open files, fail with @reason.
   */
  onDeath?: ((reason: KernelDied) => void) | undefined;
}

interface Exports {
  prepare(arena: number, size: number, commandLine: number, thread: number): number;
  cpu(): number;
  bootContext(): number;
  bootFunction(): number;
  parkFunction(): number;
  release(): number;
  run(fn: number): void;
  syscall(nr: number, args: number): number;
  diskAdd(params: number): number;
  diskDev(disk: number, partition: number): number;
  diskRemove(disk: number): number;
  crash(text: number): void;
  __stack_pointer: WebAssembly.Global;
  __heap_base: WebAssembly.Global;
}

/** The task of the kernel that makes the system calls of this thread, one at a time. */
interface Caller {
  thread: number;
  stackTop: number;
  args: number;
}

export class KernelDied extends Error {
  readonly code = 'EIO';
}

export class Kernel {
  readonly mem: Memory;
  readonly disks: Disks;
  private readonly contexts: Contexts;
  private readonly clock: Clock;
  private readonly suspension: Suspension;
  private exports!: Exports;
  private caller!: Caller;
  private readonly fns = new Map<Function, (...args: number[]) => Promise<number>>();
  /** One call at a time, since all calls share one task of the kernel. */
  private readonly queue = new Queue();
  private failCall: ((reason: Error) => void) | null = null;
  /** null: the death was reported, or the caller has halted the kernel. */
  private report: KernelOptions['onDeath'] | null;

  private constructor(private readonly options: KernelOptions) {
    this.report = options.onDeath;
    this.suspension = newSuspension(options.suspension);
    // The arena, and room for the module's own data and stacks.
    this.mem = new Memory(((options.memory ?? 32) << 20) + (16 << 20));
    this.contexts = new Contexts(this.mem);
    this.contexts.onDeath = (reason) => {
      this.clock.stop();
      this.failCall?.(reason);
      this.report?.(reason instanceof KernelDied ? reason : new KernelDied(`the kernel died: ${reason.message}`));
      this.report = null;
    };
    this.clock = new Clock(() => this.contexts.setInterrupts(irq.timer), () => this.contexts.post(irq.timer));
    this.disks = new Disks(this.mem, (bits) => this.contexts.post(bits));
  }

  /** Boot the kernel in @module: kernel.wasm, or kernel-asyncify.wasm, compiled. */
  static async boot(module: WebAssembly.Module, options: KernelOptions = {}): Promise<Kernel> {
    const k = new Kernel(options);
    const instance = await WebAssembly.instantiate(module, k.imports());
    k.exports = instance.exports as unknown as Exports;
    k.mem.startAt(k.exports.__heap_base.value as number);
    k.suspension.attach(instance.exports, k.mem.memory, (len) => k.mem.reserve(len));
    await k.start();
    return k;
  }

  /** Why the instance has ended; null: it runs. */
  get death(): Error | null {
    return this.contexts.death;
  }

  /** The release, like uname -r. */
  get release(): string {
    return this.mem.cstring(this.exports.release());
  }

  /** The result of system call @nr, negative error numbers included. */
  syscall(nr: number, ...args: (number | bigint)[]): Promise<number> {
    return this.queue.run(() => {
      const { args: slots } = this.caller;
      for (let i = 0; i < SLOTS; i++)
        this.mem.setI64(slots + 8 * i, args[i] ?? 0);
      return this.call(this.exports.syscall, nr, slots);
    });
  }

  /** Add a disk.  Returns its number, or a negative error number. */
  addDisk(source: Source): Promise<number> {
    return this.queue.run(() => {
      this.disks.describe(source, this.caller.args);
      return this.call(this.exports.diskAdd, this.caller.args);
    });
  }

  /**
   * Device number of a partition, or of the disk itself (partition 0); negative: it does not exist.
   */
  diskDevice(disk: number, partition: number): Promise<number> {
    return this.queue.run(() => this.call(this.exports.diskDev, disk, partition));
  }

  removeDisk(disk: number): Promise<number> {
    return this.queue.run(() => this.call(this.exports.diskRemove, disk));
  }

  /** Make the kernel crash, for tests. */
  async crash(text: string): Promise<void> {
    await this.queue.run(() => {
      this.mem.setCstring(this.caller.args, text.slice(0, 60), ARGS);
      return this.call(this.exports.crash, this.caller.args);
    });
  }

  /** End the instance: its memory is freed as soon as nothing refers to it. */
  destroy(): void {
    this.report = null;
    this.contexts.kill(new KernelDied('the kernel was halted'));
  }

  /**
   * A new Suspension of the same kind as that of this kernel, for another WebAssembly module that
   * waits for the kernel.
   */
  newSuspension(): Suspension {
    return newSuspension(this.options.suspension);
  }

  private async start(): Promise<void> {
    const { mem, exports, options } = this;
    const run = this.suspension.promising(exports.run);
    const commandLine = mem.reserve(COMMAND_LINE);
    mem.setCstring(commandLine, options.commandLine ?? 'quiet', COMMAND_LINE);
    this.caller = this.newCaller();
    const arena = mem.reserve((options.memory ?? 32) << 20, PAGE);
    const err = exports.prepare(arena, (options.memory ?? 32) << 20, commandLine,
      this.caller.thread);
    if (err)
      throw new KernelDied(`the kernel refuses its boot parameters: error ${-err}`);

    this.contexts.cpu = this.disks.cpu = exports.cpu();
    this.contexts.entries = {
      run, stackPointer: exports.__stack_pointer, park: exports.parkFunction(),
    };
    this.clock.busy(1);
    try {
      await this.contexts.boot(exports.bootContext(), exports.bootFunction(), this.caller.thread);
    } finally {
      this.clock.busy(-1);
    }
    this.contexts.leave();
  }

  private newCaller(): Caller {
    const { mem } = this;
    const stack = mem.reserve(STACK);

    return { thread: mem.reserve(T.size), stackTop: stack + STACK, args: mem.reserve(ARGS) };
  }

  private async call(fn: Function, ...args: number[]): Promise<number> {
    let promising = this.fns.get(fn);

    if (!promising)
      this.fns.set(fn, promising = this.suspension.promising(fn));
    this.clock.busy(1);
    try {
      const entering = this.contexts.enter(this.caller.thread);
      if (entering)
        await entering;
      this.exports.__stack_pointer.value = this.caller.stackTop;
      return await new Promise((resolve, reject) => {
        this.failCall = reject;
        promising(...args).then(resolve, reject);
      });
    } catch (err) {
      if (!this.death)
        this.contexts.kill(new KernelDied(`the kernel died: ${(err as Error).message}`));
      throw this.death;
    } finally {
      this.failCall = null;
      this.contexts.leave();
      this.clock.busy(-1);
    }
  }

  private stop(reason: number, text: string): never {
    this.contexts.kill(new KernelDied(
      reason === stopReason.halt ? 'the kernel was halted' : `the kernel died: ${text}`));
    throw this.death;
  }

  private random(addr: number, len: number): void {
    for (let at = addr; at < addr + len; at += MAX_RANDOM)
      crypto.getRandomValues(this.mem.bytes.subarray(at, Math.min(at + MAX_RANDOM, addr + len)));
  }

  private imports(): WebAssembly.Imports {
    const { contexts, clock, disks, mem, suspension } = this;

    return {
      env: { memory: mem.memory },
      host: {
        print: (text: number, len: number) => this.options.print?.(mem.text(text, len)),
        stop: (reason: number, text: number) => this.stop(reason, mem.cstring(text)),
        clock: () => clock.now(),
        realtime: () => clock.realtime(),
        timer: (deadline: number) => clock.set(deadline),
        random: (buf: number, len: number) => this.random(buf, len),
        ctxInit: (ctx: number, fn: number) => contexts.init(ctx, fn),
        ctxSwitch: suspension.suspending((prev, next) => contexts.switch(prev!, next!)),
        ctxNative: (ctx: number, thread: number) => contexts.native(ctx, thread),
        threadGone: (thread: number) => contexts.gone(thread),
        idle: suspension.suspending((ctx) => contexts.idle(ctx!)),
        submit: (disk: number, req: number) => disks.submit(disk, req),
        release: (disk: number) => disks.release(disk),
      },
    };
  }
}
