// SPDX-License-Identifier: GPL-2.0
/*
 * guard.ts - notice that the kernel of a disk has died, wherever its calls are made
 */
import { type Disk, KernelDied } from '@anyfs/core';

/** A disk that calls @died once, with the reason, when a call fails for a dead kernel. */
export function guarded(disk: Disk, died: (reason: Error) => void): Disk {
  let over = false;
  const look = (error: unknown) => {
    if (error instanceof KernelDied && !over) {
      over = true;
      died(error);
    }
    throw error;
  };

  return new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function')
        return member;
      return (...args: unknown[]) => {
        if (name === 'close')
          over = true;
        const result: unknown = member.apply(target, args);
        return result instanceof Promise ? result.catch(look) : isStream(result) ?
          watched(result, look) : result;
      };
    },
  });
}

function isStream(value: unknown): value is AsyncGenerator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.asyncIterator in value;
}

async function* watched(entries: AsyncGenerator<unknown>, look: (error: unknown) => void) {
  try {
    yield* entries;
  } catch (error) {
    look(error);
  }
}
