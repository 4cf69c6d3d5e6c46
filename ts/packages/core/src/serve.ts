// SPDX-License-Identifier: GPL-2.0
/*
 * serve.ts - serve one disk to a RemoteDisk at the other end of a channel
 *
 * The channel is that of a worker (worker.ts), or any other that sends structured clones, such as
 * a MessagePort to another process.
 */
import type { Disk, FileHandle, OpenMode } from './interface.js';
import {
  type FromWorker, type Request, type SentImage, type SentSource, type ToWorker, receiveError, sendError,
} from './messages.js';
import type { Source } from './source.js';

// For other implementations of Disk.
export { DiskBase } from './disk-base.js';
export { contentOf, streamOf, streamOfParts, textOf, writeAll } from './interface.js';
export type { FromWorker, ToWorker } from './messages.js';
export { loadModule } from './module.js';

const GONE = 'the other end, which has the image, has closed the channel';
/** Maximum number of entries in one answer. */
const ENTRIES = 500;

/** The arguments of open() that the other end sends. */
export interface OpenRequest {
  /**
   * The image that the caller of open() gave, or a source that asks the other end for its bytes;
   * a list if the caller gave a list.
   */
  image: unknown;
  /** Options of open() that can be sent. */
  options: Record<string, unknown>;
  /** Send a message of the kernel to the other end. */
  print(text: string): void;
  /** Report the death of the kernel to the other end. */
  onDeath(reason: Error): void;
}

export type Send = (message: FromWorker, transfer: Transferable[]) => void;

/** A Disk with the call that rm() of the other end makes. */
interface ServedDisk extends Disk {
  remove?(path: string): AsyncGenerator<string>;
}

export class DiskServer {
  private disk: ServedDisk | null = null;
  /** The disk that is being opened, or is open. */
  private opening: Promise<ServedDisk> | null = null;
  private gone = false;
  private lastId = 0;
  private readonly files = new Map<number, FileHandle>();
  private readonly lists = new Map<number, { iterator: AsyncIterator<unknown>; entries: number }>();
  private readonly asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  /**
   * @param send sends a message to the other end; a channel copies buffers it cannot transfer
   * @param openDisk opens the disk that the other end asks for
   * @param left called when the other end has gone, after close()
   */
  constructor(private readonly send: Send,
    private readonly openDisk: (request: OpenRequest) => Promise<Disk>,
    private readonly left: () => void = () => {}) {}

  /** Handle a message of the other end. */
  receive(message: ToWorker): void {
    if ('call' in message && message.call === 'leave') {
      this.leave();
      return;
    }
    if ('call' in message) {
      void this.answer(message.id, message);
      return;
    }
    const waiter = this.asked.get(message.answer);
    this.asked.delete(message.answer);
    if (message.error)
      waiter?.reject(receiveError(message.error));
    else
      waiter?.resolve(message.value);
  }

  /** Close the disk, even if it is still being opened. */
  async close(): Promise<void> {
    const { opening } = this;

    this.opening = this.disk = null;
    const disk = await opening?.catch(() => null);
    await disk?.close();
  }

  /** The other end has closed the channel and no longer answers. */
  private leave(): void {
    this.gone = true;
    for (const { reject } of this.asked.values())
      reject(new Error(GONE));
    this.asked.clear();
    void this.close().catch(() => {}).finally(this.left);
  }

  private async openAnd(opening: Promise<ServedDisk>): Promise<number> {
    this.opening = opening;
    const disk = await opening;
    // If close() was called meanwhile, close() closes the disk.
    if (this.opening !== opening)
      throw new Error('the disk was closed while it was opened');
    this.disk = disk;
    return disk.size;
  }

  /** Ask the other end to read, write or flush a source. */
  private ask(source: number, operation: 'read' | 'write' | 'flush', offset: number,
    length: number, data?: Uint8Array): Promise<unknown> {
    const id = ++this.lastId;
    if (this.gone)
      return Promise.reject(new Error(GONE));
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      if (data)
        this.send({ id, source, operation, offset, length, data }, [data.buffer as ArrayBuffer]);
      else
        this.send({ id, source, operation, offset, length }, []);
    });
  }

  /** A source that is an object of the other end. */
  private remoteSource({ index, size, name, writable }: SentSource): Source {
    const source: Source = {
      size, name,
      read: async (into, offset) =>
        into.set(await this.ask(index, 'read', offset, into.length) as Uint8Array),
    };
    if (writable) {
      // Copy: these bytes are in the kernel's memory, which may change before the other end gets
      // them.
      source.write = async (from, offset) => {
        await this.ask(index, 'write', offset, from.length, from.slice());
      };
      source.flush = async () => { await this.ask(index, 'flush', 0, 0); };
    }
    return source;
  }

  private imageOf(sent: SentImage): unknown {
    return 'source' in sent ? this.remoteSource(sent.source) : sent.image;
  }

  private opened(): ServedDisk {
    if (!this.disk)
      throw new Error('no disk is open in this worker');
    return this.disk;
  }

  /** Entries of a list, or one part of a stream; null: the end. */
  private async next(number: number): Promise<unknown[] | null> {
    const list = this.lists.get(number);
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
      this.lists.delete(number);
    return found.length ? found : null;
  }

  private startList(method: string, args: unknown[]): number {
    const from = this.opened() as unknown as Record<string, (...a: unknown[]) => AsyncIterable<unknown>>;

    this.lists.set(++this.lastId, {
      iterator: from[method]!(...args)[Symbol.asyncIterator](),
      // Each step of these methods changes the disk, and the caller may stop after any step: make
      // and send one step at a time.
      entries: method === 'remove' || method === 'commit' ? 1 : ENTRIES,
    });
    return this.lastId;
  }

  private async serve(request: Request): Promise<unknown> {
    switch (request.call) {
      case 'open':
        return this.openAnd(this.openDisk({
          image: request.directories ? request.images.map((one) => this.imageOf(one)) :
            this.imageOf(request.images[0]!),
          options: request.options as Record<string, unknown>,
          print: (text) => this.send({ print: text }, []),
          onDeath: (reason) => this.send({ died: sendError(reason) }, []),
        }));
      case 'disk':
        if (request.method === 'partitions')
          return (await this.opened().partitions()).map((part) =>
            ({ ...part, error: part.error && sendError(part.error) }));
        return call(this.opened(), request.method, request.args);
      case 'openFile': {
        const [path, mode, permissions] = request.args as [string, OpenMode, number];
        const file = await this.opened().open(path, mode, permissions);
        // Take the number after the file was opened: requests during the opening use numbers, too.
        this.files.set(++this.lastId, file);
        return this.lastId;
      }
      case 'file': {
        const file = this.files.get(request.file!);
        if (!file)
          throw new Error('the file is closed');
        if (request.method === 'close')
          this.files.delete(request.file!);
        return call(file, request.method, request.args);
      }
      case 'list':
        return this.startList(request.method, request.args);
      case 'next':
        return this.next(request.list);
      case 'end':
        await this.lists.get(request.list)?.iterator.return?.();
        this.lists.delete(request.list);
        return undefined;
      case 'close':
      case 'leave':
        return this.close();
    }
  }

  private async answer(id: number, request: Request): Promise<void> {
    try {
      const value = await this.serve(request);
      this.send({ answer: id, value }, transferable(value));
    } catch (error) {
      this.send({ answer: id, error: sendError(error) }, []);
    }
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
