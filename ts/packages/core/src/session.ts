// SPDX-License-Identifier: GPL-2.0
/*
 * session.ts - sessions: one image with numbered descriptors, for user interfaces
 *
 * A session attaches one image.  enter() mounts a partition and returns the path of its root;
 * all other paths begin with such a path.  WasmSession runs the kernel in a page,
 * NodeWasmSession in Node; NativeSession (session-native.ts) asks the native library.
 */
import type { DirEntry, Stat } from './attributes.js';
import { errno, FsError } from './errno.js';
import type { Disk, FileHandle } from './interface.js';
import type { Image, OpenOptions } from './open.js';
import type { Partition } from './volumes.js';
import { applyUrlProxy } from './url-proxy.js';

/** A slot: a partition or volume, or the whole disk. */
export interface SessionPartInfo {
  slot_id: number;
  /** The slot that contains this slot; -1: none. */
  parent: number;
  index: number;
  /** Bytes. */
  offset: number;
  size: number;
  ptype: string;
  kind: string;
  fstype: string;
  label: string;
  uuid: string;
}

/** The slot of a partition is its number; slots of logical volumes begin at FIRST_VOLUME. */
const FIRST_VOLUME = 1 << 16;

export interface SessionMeta {
  logical_size: number;
  pt_type: string;
}

export type SessionSource =
  | { kind: 'blob'; blob: Blob }
  | { kind: 'url'; url: string; name?: string }
  | { kind: 'path'; path: string; name?: string };

export interface SessionOpts {
  /** MiB; 64 by default. */
  memMb?: number;
  /** Above 0, the kernel's messages go to the console. */
  loglevel?: number;
  forceFstype?: string;
}

export interface SessionHandle {
  readonly id: number;
}

export type LklFd = number;
export type EntryKind = DirEntry['kind'];
export interface DispatchResult {
  rc: number;
  data: Uint8Array;
}

export interface AnyfsSession {
  attachBlob(blob: Blob): Promise<void>;
  attachUrl(url: string, name?: string): Promise<void>;
  attachPath(path: string): Promise<void>;
  close(): Promise<void>;
  /** Mount slot @part, and return the path of its content. */
  enter(part: number, flags?: number): Promise<string>;
  listParts(): Promise<SessionPartInfo[]>;
  meta(): Promise<SessionMeta>;
  /** Sorted by name. */
  readdir(path: string): Promise<DirEntry[]>;
  /** For a symbolic link: attributes of the link itself. */
  stat(path: string): Promise<Stat>;
  statFollow(path: string): Promise<Stat>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  readKernelFile(path: string, maxBytes?: number): Promise<string>;
  openFd(path: string): Promise<LklFd>;
  readFd(fd: LklFd, offset: number, length: number): Promise<Uint8Array>;
  closeFd(fd: LklFd): Promise<void>;
  openReadable(path: string, options?: { chunkSize?: number }): Promise<{ stream: ReadableStream<Uint8Array>; size: number }>;
  /** The paths of everything below @root, @chunkSize at a time. */
  walk(root: string, chunkSize?: number): AsyncGenerator<string[]>;
  /**
   * Call @cb at each step of opening, such as "mounting".  Returns a function that unsubscribes
   * @cb.
   */
  onProgress(cb: (step: string) => void): () => void;
}

/** The part of a session that is the same for the wasm kernel and the native library. */
export abstract class AnyfsSessionBase {
  private readonly listeners = new Set<(step: string) => void>();

  abstract stat(path: string): Promise<Stat>;
  abstract statFollow(path: string): Promise<Stat>;
  abstract readdir(path: string): Promise<DirEntry[]>;
  abstract openFd(path: string): Promise<LklFd>;
  abstract readFd(fd: LklFd, offset: number, length: number): Promise<Uint8Array>;
  abstract closeFd(fd: LklFd): Promise<void>;

  onProgress(cb: (step: string) => void): () => void {
    this.listeners.add(cb);
    return () => { this.listeners.delete(cb); };
  }

  protected progress(step: string): void {
    for (const listener of this.listeners)
      listener(step);
  }

  async openReadable(path: string, { chunkSize = 1 << 20 }: { chunkSize?: number } = {}) {
    const { size } = await this.statFollow(path);
    const fd = await this.openFd(path);
    let offset = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const part = await this.readFd(fd, offset, chunkSize);
          offset += part.length;
          if (part.length)
            controller.enqueue(part);
          if (part.length < chunkSize) {
            await this.closeFd(fd);
            controller.close();
          }
        } catch (error) {
          await this.closeFd(fd).catch(() => {});
          throw error;
        }
      },
      cancel: () => this.closeFd(fd),
    });
    return { stream, size };
  }

  async *walk(root: string, chunkSize = 1000): AsyncGenerator<string[]> {
    const directories = [root];
    let found: string[] = [];

    for (let dir = directories.pop(); dir !== undefined; dir = directories.pop()) {
      for (const { name, kind } of await this.readdir(dir)) {
        const path = `${dir.replace(/\/+$/, '')}/${name}`;
        found.push(path);
        if (kind === 'dir')
          directories.push(path);
        if (found.length >= chunkSize) {
          yield found;
          found = [];
        }
      }
    }
    if (found.length)
      yield found;
  }
}

export class WasmSession extends AnyfsSessionBase implements AnyfsSession {
  private image: Disk | null = null;
  private attached = false;
  private lastFd = 2;
  private readonly files = new Map<LklFd, FileHandle>();

  constructor(private readonly opts: SessionOpts = {}, private readonly options: OpenOptions = {}) {
    super();
  }

  /**
   * The disk of the session, which has more calls than a session; null until an image is attached.
   */
  get disk(): Disk | null {
    return this.image;
  }

  attachBlob(blob: Blob): Promise<void> {
    return this.attach(blob);
  }

  attachUrl(url: string, _name?: string): Promise<void> {
    return this.attach(applyUrlProxy(url));
  }

  attachPath(_path: string): Promise<void> {
    return Promise.reject(new Error('a page cannot open paths: use attachBlob() or attachUrl()'));
  }

  async close(): Promise<void> {
    const disk = this.image;

    this.image = null;
    this.files.clear();
    await disk?.close();
  }

  async enter(part: number, _flags?: number): Promise<string> {
    this.progress('mounting');
    const found = (await this.slots()).find(({ slot }) => slot.slot_id === part);
    if (!found)
      throw new FsError(errno.ENOENT, 'enter', `slot ${part}`);
    await this.opened().stat(found.path);
    return found.path;
  }

  async listParts(): Promise<SessionPartInfo[]> {
    return (await this.slots()).map(({ slot }) => slot);
  }

  async meta(): Promise<SessionMeta> {
    return { logical_size: this.opened().size, pt_type: await this.opened().tableType() };
  }

  async readdir(path: string): Promise<DirEntry[]> {
    const entries: DirEntry[] = [];

    for await (const entry of this.opened().readdir(path))
      entries.push(entry);
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  async stat(path: string): Promise<Stat> {
    return this.opened().stat(path);
  }

  async statFollow(path: string): Promise<Stat> {
    return this.opened().statFollow(path);
  }

  async readlink(path: string): Promise<string> {
    return this.opened().readlink(path);
  }

  async realpath(path: string): Promise<string> {
    return this.opened().realpath(path);
  }

  async readKernelFile(path: string, maxBytes?: number): Promise<string> {
    return this.opened().readKernelFile(path, maxBytes);
  }

  async openFd(path: string): Promise<LklFd> {
    this.files.set(++this.lastFd, await this.opened().open(path));
    return this.lastFd;
  }

  async readFd(fd: LklFd, offset: number, length: number): Promise<Uint8Array> {
    return this.file(fd).read(offset, length);
  }

  async closeFd(fd: LklFd): Promise<void> {
    const file = this.file(fd);

    this.files.delete(fd);
    await file.close();
  }

  protected async attach(image: Image): Promise<void> {
    if (this.attached)
      throw new Error('the session has an image already: close it, and make another session');
    this.attached = true;
    this.progress('booting');
    const { open } = await import('./index.js');
    const { memMb = 64, loglevel = 0, forceFstype } = this.opts;
    this.image = await open(image, {
      ...this.options, memory: memMb,
      ...(loglevel ? { commandLine: `loglevel=${loglevel}`, print: console.log } : {}),
      ...(forceFstype ? { fstypes: [forceFstype] } : {}),
    });
    this.progress('attached');
  }

  private async slots(): Promise<{ path: string; slot: SessionPartInfo }[]> {
    const table = await this.opened().tableType();

    return (await this.opened().partitions()).map((part, i) =>
      ({ path: part.path, slot: slotOf(part, table, part.kind === 'volume' ? FIRST_VOLUME + i : part.index) }));
  }

  private opened(): Disk {
    if (!this.image)
      throw new FsError(errno.ENODEV, 'session');
    return this.image;
  }

  private file(fd: LklFd): FileHandle {
    const file = this.files.get(fd);

    if (!file)
      throw new FsError(errno.EBADF, 'read');
    return file;
  }
}

export class NodeWasmSession extends WasmSession {
  override attachPath(path: string): Promise<void> {
    return this.attach(path);
  }
}

function slotOf(part: Partition, table: string, slot: number): SessionPartInfo {
  const { index, offset, size, label, uuid } = part;

  return {
    slot_id: slot, parent: -1, index, offset, size, label, uuid,
    ptype: part.kind === 'partition' && index ? table : '', kind: part.kind,
    fstype: part.fstype ?? part.content,
  };
}
