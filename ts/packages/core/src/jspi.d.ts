// SPDX-License-Identifier: GPL-2.0
// jspi.d.ts - WebAssembly's JavaScript Promise Integration, which lib.dom.d.ts lacks.
declare namespace WebAssembly {
  /** An import that suspends its caller until the promise that @fn returns is settled. */
  class Suspending {
    constructor(fn: (...args: number[]) => unknown);
  }
  /** An export as a function that returns a promise and may be suspended. */
  function promising(fn: Function): (...args: number[]) => Promise<number>;
}
