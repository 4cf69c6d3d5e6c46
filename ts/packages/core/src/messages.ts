// SPDX-License-Identifier: GPL-2.0
/*
 * messages.ts - the messages between a page and the worker that runs its kernel
 *
 * The page sends requests, each with a number, and the worker answers each once.  In the same way
 * the worker sends requests for a source that is an object of the page.
 */
import { FsError } from './errno.js';
import { KernelDied } from './kernel.js';
import { SourceError, type SourceErrorCode } from './source.js';

/**
 * An image in a message.  A source cannot be sent, since it has functions: its index in the list of
 * open() is sent instead.
 */
export type SentImage = { image: unknown } | { source: SentSource };

export interface SentSource {
  index: number;
  size: number;
  name: string;
  writable: boolean;
}

export type Request =
  /** @directories a list of images was given */
  | { call: 'open'; images: SentImage[]; directories: boolean; options: object }
  | { call: 'disk' | 'file'; file?: number; method: string; args: unknown[] }
  | { call: 'openFile'; args: unknown[] }
  /** Start readdir, walk or export: the result is the number of a list for "next". */
  | { call: 'list'; method: string; args: unknown[] }
  | { call: 'next' | 'end'; list: number }
  | { call: 'close' }
  /** The last message on a port: the other end closes it now. */
  | { call: 'leave' };

export type ToWorker =
  | (Request & { id: number })
  | { answer: number; value?: unknown; error?: SentError };

/** The worker reads, writes or flushes a source of the page. */
export interface SourceRequest {
  id: number;
  /** The index of the source in the list of open(). */
  source: number;
  operation: 'read' | 'write' | 'flush';
  offset: number;
  length: number;
  data?: Uint8Array;
}

export type FromWorker =
  | { answer: number; value?: unknown; error?: SentError }
  | { print: string }
  /** The kernel has died, whether or not a call is waiting. */
  | { died: SentError }
  | SourceRequest;

/** Structured clones of errors keep neither their class nor their code. */
export interface SentError {
  kind: 'FsError' | 'KernelDied' | 'SourceError' | 'RangeError' | 'Error';
  /** Error.name, such as "QuotaExceededError" of browsers. */
  name: string;
  message: string;
  /** Of a SourceError. */
  code: SourceErrorCode | undefined;
  errno: number;
  syscall: string;
  path: string | undefined;
  cause: SentError | undefined;
}

export function sendError(error: unknown): SentError {
  const e = error instanceof Error ? error : new Error(String(error));
  const fs = e instanceof FsError ? e : null;
  const kind = fs ? 'FsError' : e instanceof KernelDied ? 'KernelDied' : e instanceof SourceError ? 'SourceError' :
    e instanceof RangeError ? 'RangeError' : 'Error';

  return {
    kind, name: e.name, message: e.message, code: e instanceof SourceError ? e.code : undefined, errno: fs?.errno ?? 0, syscall: fs?.syscall ?? '', path: fs?.path,
    cause: e.cause === undefined ? undefined : sendError(e.cause),
  };
}

export function receiveError(sent: SentError): Error {
  const classes = { KernelDied, RangeError, Error };
  const error = sent.kind === 'FsError' ? new FsError(-sent.errno, sent.syscall, sent.path) :
    sent.kind === 'SourceError' ? new SourceError(sent.code!, sent.message) : new classes[sent.kind](sent.message);

  error.name = sent.name;
  error.message = sent.message;
  if (sent.cause)
    error.cause = receiveError(sent.cause);
  return error;
}
