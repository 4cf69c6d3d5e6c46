// SPDX-License-Identifier: GPL-2.0
/*
 * remote.ts - a disk whose kernel runs in a worker, or behind a MessagePort
 */
import { type Channel, PortChannel, isPort } from './channel.js';
import type { DirEntry, Stat } from './attributes.js';
import type { UnlockOptions } from './containers.js';
import type { Extent } from './extents.js';
import {
  type Changes, type Disk, type FileHandle, type FsStatistics, type OpenMode, type RenameOptions, type RmOptions,
  type Statistics, type StreamOptions, type WalkEntry, type WalkOptions, contentOf, streamOf,
  streamOfParts,
  textOf, writeAll,
} from './interface.js';
import { KernelDied } from './kernel.js';
import {
  type FromWorker, type Request, type SentError, type SentSource, type SourceRequest,
  type ToWorker, receiveError, sendError,
} from './messages.js';
import { loadModule } from './module.js';
import type { Image, OpenOptions } from './open.js';
import { type Source, closeAll } from './source.js';
import { newSuspension } from './suspend.js';
import type { Partition } from './volumes.js';

type Waiter = { resolve(value: unknown): void; reject(error: Error): void };

/** The channel to a DiskServer, and the requests that it has not answered. */
class Connection {
  private readonly waiters = new Map<number, Waiter>();
  private lastId = 0;
  private ended: Error | null = null;

  /** @param images the images; the worker sends requests for those that are sources */
  constructor(private readonly worker: Channel, private readonly images: readonly Image[],
    private readonly print: ((text: string) => void) | undefined,
    private onDeath: ((reason: KernelDied) => void) | undefined) {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
    worker.onerror = (event) => {
      // A script that cannot be loaded gives an event without a text.
      this.died(new KernelDied(`the worker has ended: ${event.message ?? 'it cannot be loaded'}`));
    };
  }

  request(request: Request): Promise<unknown> {
    if (this.ended)
      return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiters.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...request } satisfies ToWorker);
    });
  }

  /** Make all calls fail with @reason, including later ones. */
  end(reason: Error): void {
    this.ended ??= reason;
    this.onDeath = undefined;
    this.worker.terminate();
    for (const { reject } of this.waiters.values())
      reject(this.ended);
    this.waiters.clear();
  }

  /** The kernel no longer answers: fail waiting calls and later ones. */
  private died(reason: KernelDied): void {
    const { onDeath } = this;

    this.end(reason);
    onDeath?.(reason);
  }

  private receive(message: FromWorker): void {
    if ('died' in message) {
      this.died(receiveError(message.died) as KernelDied);
    } else if ('print' in message) {
      this.print?.(message.print);
    } else if ('operation' in message) {
      void this.serve(message);
    } else {
      const waiter = this.waiters.get(message.answer);
      this.waiters.delete(message.answer);
      if (message.error)
        waiter?.reject(receiveError(message.error));
      else
        waiter?.resolve(message.value);
    }
  }

  /** Read, write or flush a source, which is an object of this thread, for the worker. */
  private async serve(message: SourceRequest): Promise<void> {
    const { id, operation, offset, length, data } = message;
    const source = this.images[message.source] as Source;
    try {
      const into = new Uint8Array(operation === 'read' ? length : 0);
      if (operation === 'read')
        await source.read(into, offset);
      else if (operation === 'write')
        await source.write!(data!, offset);
      else
        await source.flush?.();
      this.worker.postMessage({ answer: id, value: into } satisfies ToWorker, [into.buffer]);
    } catch (error) {
      this.worker.postMessage({ answer: id, error: sendError(error) } satisfies ToWorker);
    }
  }
}

class RemoteFile implements FileHandle {
  constructor(private readonly connection: Connection, private readonly file: number,
    readonly path: string) {}

  read(offset: number, len: number): Promise<Uint8Array> {
    return this.call('read', offset, len) as Promise<Uint8Array>;
  }

  async write(data: Uint8Array, offset: number): Promise<void> {
    await this.call('write', data, offset);
  }

  async truncate(size: number): Promise<void> {
    await this.call('truncate', size);
  }

  async sync(): Promise<void> {
    await this.call('sync');
  }

  async close(): Promise<void> {
    await this.call('close');
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    return contentOf(this);
  }

  text(): Promise<string> {
    return textOf(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private call(method: string, ...args: unknown[]): Promise<unknown> {
    return this.connection.request({ call: 'file', file: this.file, method, args });
  }
}

export class RemoteDisk implements Disk {
  private constructor(private readonly connection: Connection, readonly size: number,
    private readonly sources: readonly Source[]) {}

  static async open(image: Image | readonly Image[], options: OpenOptions): Promise<RemoteDisk> {
    const { worker, print, onDeath, signal, ...rest } = options;
    if (rest.module instanceof URL)
      rest.module = rest.module.href;
    signal?.throwIfAborted();
    const directories = Array.isArray(image);
    const images: readonly Image[] = directories ? image : [image as Image];
    const sources = images.filter(isSource);
    const connection = new Connection(channelOf(worker), images, print, onDeath);
    signal?.addEventListener('abort', () => connection.end(signal.reason as Error));
    try {
      // Compile the kernel here while the worker starts, and once for all disks of the page.  A
      // port may lead to another process, to which a module cannot be sent.
      if (!isPort(worker))
        rest.module = await loadModule(rest.module, `kernel${newSuspension(rest.suspension).suffix}`);
      const size = await connection.request({
        call: 'open', directories, options: rest,
        images: images.map((one, index) => isSource(one) ? { source: describe(one, index) } :
          { image: isPort(worker) ? one : imageToSend(one) }),
      });
      return new RemoteDisk(connection, size as number, sources);
    } catch (error) {
      connection.end(error as Error);
      // Report the first error, not the error of closing.
      await closeAll(sources).catch(() => {});
      throw error;
    }
  }

  async partitions(): Promise<Partition[]> {
    const found = await this.call('partitions') as (Omit<Partition, 'error'> & { error: SentError | null })[];

    return found.map((part) => ({ ...part, error: part.error && receiveError(part.error) }));
  }

  async unlock(path: string, secret: string | Uint8Array, options: UnlockOptions = {}): Promise<void> {
    await this.call('unlock', path, secret, options);
  }

  tableType(image?: number): Promise<string> {
    return this.call('tableType', image) as Promise<string>;
  }

  readdir(path: string, options: WalkOptions = {}): AsyncGenerator<DirEntry> {
    return this.stream('readdir', path, options) as AsyncGenerator<DirEntry>;
  }

  walk(root: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry> {
    return this.stream('walk', root, options) as AsyncGenerator<WalkEntry>;
  }

  list(path: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry> {
    return this.stream('list', path, options) as AsyncGenerator<WalkEntry>;
  }

  stat(path: string): Promise<Stat> {
    return this.call('stat', path) as Promise<Stat>;
  }

  statFollow(path: string): Promise<Stat> {
    return this.call('statFollow', path) as Promise<Stat>;
  }

  readlink(path: string): Promise<string> {
    return this.call('readlink', path) as Promise<string>;
  }

  realpath(path: string): Promise<string> {
    return this.call('realpath', path) as Promise<string>;
  }

  readKernelFile(path: string, maxBytes?: number): Promise<string> {
    return this.call('readKernelFile', path, maxBytes) as Promise<string>;
  }

  statistics(): Promise<Statistics> {
    return this.call('statistics') as Promise<Statistics>;
  }

  async open(path: string, mode: OpenMode = 'r', permissions = 0o644): Promise<FileHandle> {
    const file = await this.connection.request({
      call: 'openFile', args: [path, mode, permissions],
    });
    return new RemoteFile(this.connection, file as number, path);
  }

  async writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>) {
    const file = await this.open(path, 'w');
    try {
      await writeAll(file, data);
    } catch (error) {
      // Report the first error, not the error of closing.
      await file.close().catch(() => {});
      throw error;
    }
    await file.close();
  }

  async mkdir(path: string, permissions = 0o755): Promise<void> {
    await this.call('mkdir', path, permissions);
  }

  async symlink(target: string, path: string): Promise<void> {
    await this.call('symlink', target, path);
  }

  async unlink(path: string): Promise<void> {
    await this.call('unlink', path);
  }

  async rmdir(path: string): Promise<void> {
    await this.call('rmdir', path);
  }

  async rm(path: string, { signal, progress }: RmOptions = {}): Promise<void> {
    for await (const removed of this.stream('remove', path)) {
      progress?.(removed as string);
      signal?.throwIfAborted();
    }
  }

  async rename(from: string, to: string, options?: RenameOptions): Promise<void> {
    await this.call('rename', from, to, options);
  }

  async chmod(path: string, permissions: number): Promise<void> {
    await this.call('chmod', path, permissions);
  }

  async link(existing: string, path: string): Promise<void> {
    await this.call('link', existing, path);
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    await this.call('chown', path, uid, gid);
  }

  async lchown(path: string, uid: number, gid: number): Promise<void> {
    await this.call('lchown', path, uid, gid);
  }

  async utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    await this.call('utimes', path, atime, mtime);
  }

  async lutimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    await this.call('lutimes', path, atime, mtime);
  }

  statfs(path: string): Promise<FsStatistics> {
    return this.call('statfs', path) as Promise<FsStatistics>;
  }

  listXattrs(path: string): Promise<string[]> {
    return this.call('listXattrs', path) as Promise<string[]>;
  }

  getXattr(path: string, name: string): Promise<Uint8Array> {
    return this.call('getXattr', path, name) as Promise<Uint8Array>;
  }

  async setXattr(path: string, name: string, value: Uint8Array): Promise<void> {
    await this.call('setXattr', path, name, value);
  }

  async removeXattr(path: string, name: string): Promise<void> {
    await this.call('removeXattr', path, name);
  }

  extents(path: string): Promise<Extent[]> {
    return this.call('extents', path) as Promise<Extent[]>;
  }

  changes(): Promise<Changes | null> {
    return this.call('changes') as Promise<Changes | null>;
  }

  readStream(path: string, options: StreamOptions = {}): ReadableStream<Uint8Array> {
    return streamOf(() => this.open(path), options);
  }

  async sync(): Promise<void> {
    await this.call('sync');
  }

  export(image?: number): ReadableStream<Uint8Array> {
    return this.parts('export', image);
  }

  exportChanges(backing?: string, image?: number): ReadableStream<Uint8Array> {
    return this.parts('exportChanges', backing, image);
  }

  commit(): AsyncGenerator<number> {
    return this.stream('commit') as AsyncGenerator<number>;
  }

  private parts(method: string, ...args: unknown[]): ReadableStream<Uint8Array> {
    return streamOfParts(this.stream(method, ...args) as AsyncGenerator<Uint8Array>);
  }

  async close(): Promise<void> {
    try {
      await this.connection.request({ call: 'close' });
    } finally {
      this.connection.end(new KernelDied('the kernel was halted'));
      await closeAll(this.sources);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private call(method: string, ...args: unknown[]): Promise<unknown> {
    return this.connection.request({ call: 'disk', method, args });
  }

  /** Iterate over a list of the worker, which sends many entries in one answer. */
  private async *stream(method: string, ...args: unknown[]): AsyncGenerator<unknown> {
    // An AbortSignal cannot be sent to a worker.
    const [first, options] = args;
    const { signal, ...sent } = (typeof options === 'object' ? options : {}) as WalkOptions;
    const list = await this.connection.request({
      call: 'list', method, args: typeof options === 'object' ? [first, sent] : args,
    }) as number;
    let ended = false;

    try {
      for (;;) {
        signal?.throwIfAborted();
        const some = await this.connection.request({ call: 'next', list }) as unknown[] | null;
        ended = !some;
        if (!some)
          return;
        yield* some;
      }
    } finally {
      // A dead kernel has no lists.
      if (!ended)
        await this.connection.request({ call: 'end', list }).catch(() => {});
    }
  }
}

function channelOf(worker: OpenOptions['worker']): Channel {
  if (isPort(worker))
    return new PortChannel(worker);
  // The members of Worker have more general types.
  return (typeof worker === 'object' ? worker : new Worker(new URL('./worker.js', import.meta.url),
    { type: 'module', name: 'anyfs' })) as unknown as Channel;
}

function isSource(image: Image): image is Source {
  return typeof image === 'object' && 'read' in image;
}

function describe(source: Source, index: number): SentSource {
  return { index, size: source.size, name: source.name, writable: source.write !== undefined };
}

/**
 * URL objects cannot be cloned, and relative addresses must be resolved against the address of the
 * page.
 */
function imageToSend(image: Image): unknown {
  if (image instanceof URL)
    return image.href;
  return typeof image === 'string' ? new URL(image, document.baseURI).href : image;
}
