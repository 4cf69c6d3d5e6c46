// SPDX-License-Identifier: GPL-2.0
/*
 * queue.ts - run asynchronous functions one after the other
 */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();

  /** Run @fn after all earlier functions have ended, whether or not they failed. */
  run<R>(fn: () => Promise<R>): Promise<R> {
    const result = this.last.then(fn);

    this.last = result.catch(() => {});
    return result;
  }
}
