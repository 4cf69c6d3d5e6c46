// SPDX-License-Identifier: GPL-2.0
/*
 * source.ts - where the bytes of a disk come from
 */

/** A disk image.  Methods may return a promise, or finish at once. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Shown in messages. */
  readonly name: string;
  /** Fill @into with bytes from @offset on; throw if fewer bytes can be read. */
  read(into: Uint8Array, offset: number): void | Promise<void>;
  /** Absent: the disk is read-only. */
  write?(from: Uint8Array, offset: number): void | Promise<void>;
  /** Make written bytes durable. */
  flush?(): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** Call @next when @pending, the result of a source's method, is settled; at once if no promise. */
export function after(pending: unknown, next: () => void): void | Promise<void> {
  const isPromise = typeof (pending as PromiseLike<void> | undefined)?.then === 'function';

  return isPromise ? Promise.resolve(pending).then(next) : next();
}

/** Close all @sources; the first error is thrown afterwards. */
export async function closeAll(sources: readonly Source[]): Promise<void> {
  const results = await Promise.allSettled(sources.map(async (source) => source.close?.()));
  const failed = results.find((result) => result.status === 'rejected');

  if (failed)
    throw failed.reason;
}

/**
 * Why the bytes of an image cannot be read.
 *  - UNREACHABLE: the request failed, or the server does not allow requests from this origin
 *  - DENIED: the server answers 401 or 403
 *  - MISSING: the server answers with another status from 400 to 499
 *  - SERVER: the server answers with a status from 500 on
 *  - NORANGE: the server does not send parts of the file
 *  - NOSIZE: the server does not say how large the file is
 *  - CHANGEDURL, CHANGEDFILE: the file has changed since it was opened
 */
export type SourceErrorCode = 'UNREACHABLE' | 'DENIED' | 'MISSING' | 'SERVER' |
  'NORANGE' | 'NOSIZE' | 'CHANGEDURL' | 'CHANGEDFILE';

export class SourceError extends Error {
  constructor(readonly code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
  }
}
