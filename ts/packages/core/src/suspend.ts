// SPDX-License-Identifier: GPL-2.0
/*
 * suspend.ts - suspend a WebAssembly function inside an import, and continue it later
 *
 * Jspi uses the engine's JavaScript Promise Integration.  Asyncify serves engines without it:
 * the pass Asyncify of Binaryen's wasm-opt has changed each function of the module so that it can
 * save its variables and return, and continue when it is called again.  Neither needs a second
 * thread, so pages need no headers for shared memory.
 */
export type SuspensionKind = 'jspi' | 'asyncify';

type Numbers = (...args: number[]) => number;

export interface Suspension {
  /** The suffix in the names of the module files for this kind of suspension. */
  readonly suffix: '' | '-asyncify';
  /** An import: if @fn returns a promise, the caller is suspended until it is settled. */
  suspending(fn: (...args: number[]) => unknown): WebAssembly.ImportValue;
  /** An export as a function that may be suspended. */
  promising(fn: Function): (...args: number[]) => Promise<number>;
  /**
   * Must be called before the first call of an export.
   *
   * @param reserve allocates bytes in the module's memory and returns their address; 0: not
   * enough memory
   */
  attach(exports: WebAssembly.Exports, memory: WebAssembly.Memory, reserve: Reserve): void;
}

type Reserve = (len: number) => number;

/** Bytes of the room: memory for the variables of the deepest call chain that is suspended. */
const ROOM = 256 << 10;
/**
 * Bytes of the two addresses at the start of the room: the end of the saved variables, and the end
 * of the room.
 */
const HEAD = 8;

class Jspi implements Suspension {
  readonly suffix = '';

  suspending(fn: (...args: number[]) => unknown): WebAssembly.ImportValue {
    return new WebAssembly.Suspending(fn) as unknown as WebAssembly.ImportValue;
  }

  promising(fn: Function): (...args: number[]) => Promise<number> {
    return WebAssembly.promising(fn);
  }

  attach(): void {}
}

interface AsyncifyExports {
  asyncify_start_unwind(room: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(room: number): void;
  asyncify_stop_rewind(): void;
}

class Asyncify implements Suspension {
  readonly suffix = '-asyncify';
  private exports!: AsyncifyExports;
  private memory!: WebAssembly.Memory;
  private room = 0;
  /** The promise that the function which is being suspended waits for. */
  private pending: Promise<unknown> | null = null;
  /** Set while a function is called again: the result of the import that suspended it. */
  private settled: { value: unknown } | null = null;

  attach(exports: WebAssembly.Exports, memory: WebAssembly.Memory, reserve: Reserve): void {
    this.exports = exports as unknown as AsyncifyExports;
    this.memory = memory;
    this.room = reserve(ROOM);
    if (!this.room)
      throw new RangeError('not enough memory for suspended functions');
  }

  suspending(fn: (...args: number[]) => unknown): WebAssembly.ImportValue {
    return (...args: number[]) => {
      if (this.settled) {
        const { value } = this.settled;
        this.settled = null;
        this.exports.asyncify_stop_rewind();
        return value as number;
      }
      const result = fn(...args);
      if (!(result instanceof Promise))
        return result as number;
      this.pending = result;
      this.setEnd(HEAD);
      this.exports.asyncify_start_unwind(this.room);
      return 0;
    };
  }

  promising(fn: Function): (...args: number[]) => Promise<number> {
    return async (...args) => {
      let result = (fn as Numbers)(...args);

      while (this.pending) {
        const saved = this.takeVariables();
        const { pending } = this;
        this.pending = null;
        const value = await pending;
        this.putVariables(saved);
        this.settled = { value };
        result = (fn as Numbers)(...args);
      }
      return result;
    };
  }

  /**
   * All functions share the room: while one waits, its saved variables are kept in a JavaScript
   * array.
   */
  private takeVariables(): Uint8Array {
    const end = new DataView(this.memory.buffer).getUint32(this.room, true);

    this.exports.asyncify_stop_unwind();
    return new Uint8Array(this.memory.buffer).slice(this.room + HEAD, end);
  }

  private putVariables(saved: Uint8Array): void {
    new Uint8Array(this.memory.buffer).set(saved, this.room + HEAD);
    this.setEnd(HEAD + saved.length);
    this.exports.asyncify_start_rewind(this.room);
  }

  private setEnd(used: number): void {
    const view = new DataView(this.memory.buffer);

    view.setUint32(this.room, this.room + used, true);
    view.setUint32(this.room + 4, this.room + ROOM, true);
  }
}

/** @param kind by default JSPI where the engine has it */
export function newSuspension(kind?: SuspensionKind): Suspension {
  const jspi = 'Suspending' in WebAssembly;

  if (kind === 'jspi' && !jspi)
    throw new Error('this engine has no JavaScript Promise Integration (JSPI): leave out the option "suspension"');
  return kind === 'jspi' || (kind === undefined && jspi) ? new Jspi() : new Asyncify();
}
