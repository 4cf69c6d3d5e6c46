// SPDX-License-Identifier: GPL-2.0
/*
 * worker.ts - the program of a worker: one disk, for the RemoteDisk of a page
 */
import type { LocalDisk } from './disk.js';
import type { LocalFile } from './file.js';
import {
  type FromWorker, type Request, type SentSource, type ToWorker, receiveError, sendError,
} from './messages.js';
import { type Image, openHere } from './open.js';
import type { Source } from './source.js';

/** Entries that one answer has at most. */
const ENTRIES = 500;

const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
let disk: LocalDisk | null = null;
let lastId = 0;
const files = new Map<number, LocalFile>();
const lists = new Map<number, { iterator: AsyncIterator<unknown>; entries: number }>();
const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

/** Ask the page, which has the source. */
function ask(operation: 'read' | 'write' | 'flush', offset: number, length: number,
  data?: Uint8Array): Promise<unknown> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve, reject });
    if (data)
      scope.postMessage({ id, operation, offset, length, data }, [data.buffer]);
    else
      scope.postMessage({ id, operation, offset, length });
  });
}

/** A source that is an object of the page. */
function sourceOfPage({ size, name, writable }: SentSource): Source {
  const source: Source = {
    size, name,
    read: async (into, offset) => into.set(await ask('read', offset, into.length) as Uint8Array),
  };
  if (writable) {
    // A copy: the kernel's memory is shared, and the page gets the bytes later.
    source.write = async (from, offset) => { await ask('write', offset, from.length, from.slice()); };
    source.flush = async () => { await ask('flush', 0, 0); };
  }
  return source;
}

function opened(): LocalDisk {
  if (!disk)
    throw new Error('no disk is open in this worker');
  return disk;
}

/** Entries of a list, or one part of a stream; null: the end. */
async function next(number: number): Promise<unknown[] | null> {
  const list = lists.get(number);
  const found: unknown[] = [];

  while (list && found.length < list.entries) {
    const { value, done } = await list.iterator.next();
    if (done)
      break;
    found.push(value);
    if (value instanceof Uint8Array)
      return found;
  }
  if (!found.length)
    lists.delete(number);
  return found.length ? found : null;
}

async function startList(method: string, args: unknown[]): Promise<number> {
  const from = (opened() as unknown as Record<string, (...a: unknown[]) => AsyncIterable<unknown>>);

  lists.set(++lastId, {
    iterator: from[method]!(...args)[Symbol.asyncIterator](),
    // Files are removed while the list is made, and the page may stop between two of them.
    entries: method === 'remove' ? 1 : ENTRIES,
  });
  return lastId;
}

async function serve(request: Request): Promise<unknown> {
  switch (request.call) {
    case 'open': {
      const image = request.source ? sourceOfPage(request.source) : request.image as Image;
      disk = await openHere(image, {
        ...request.options, print: (text) => scope.postMessage({ print: text }),
      });
      return disk.size;
    }
    case 'disk':
      if (request.method === 'partitions')
        return (await opened().partitions()).map((part) =>
          ({ ...part, error: part.error && sendError(part.error) }));
      return call(opened(), request.method, request.args);
    case 'openFile': {
      const [path, mode, permissions] = request.args as [string, 'r', number];
      const file = await opened().open(path, mode, permissions);
      // Only now: the page is asked, with numbers too, while the file is opened.
      files.set(++lastId, file);
      return lastId;
    }
    case 'file': {
      const file = files.get(request.file!);
      if (!file)
        throw new Error('the file is closed');
      if (request.method === 'close')
        files.delete(request.file!);
      return call(file, request.method, request.args);
    }
    case 'list':
      return startList(request.method, request.args);
    case 'next':
      return next(request.list);
    case 'end':
      await lists.get(request.list)?.iterator.return?.();
      lists.delete(request.list);
      return undefined;
    case 'close':
      return disk?.close();
  }
}

function call(object: object, method: string, args: unknown[]): unknown {
  return (object as Record<string, (...a: unknown[]) => unknown>)[method]!(...args);
}

/** Buffers that need not be copied. */
function transferable(value: unknown): Transferable[] {
  const parts = Array.isArray(value) ? value : [value];
  return parts.flatMap((part) => part instanceof Uint8Array && part.buffer instanceof ArrayBuffer ?
    [part.buffer] : []);
}

async function answer(id: number, request: Request): Promise<void> {
  try {
    const value = await serve(request);
    scope.postMessage({ answer: id, value }, transferable(value));
  } catch (error) {
    scope.postMessage({ answer: id, error: sendError(error) });
  }
}

scope.onmessage = ({ data }) => {
  if ('call' in data) {
    void answer(data.id, data);
    return;
  }
  const waiter = asked.get(data.answer);
  asked.delete(data.answer);
  if (data.error)
    waiter?.reject(receiveError(data.error));
  else
    waiter?.resolve(data.value);
};
