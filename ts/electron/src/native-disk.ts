// SPDX-License-Identifier: GPL-2.0
/*
 * native-disk.ts - a disk of @anyfs/native, with the interface of @anyfs/core
 *
 * The kernel runs in the sandboxed process of @anyfs/native.  It gets the bytes of the disk
 * from a source of this process, so that changes can stay in an overlay until they are saved.
 */
import type {
  Changes, Disk, Extent, FileHandle, FsStatistics, OpenMode, Partition, RenameOptions, Source, Stat,
  Statistics, UnlockOptions, WalkEntry, WalkOptions,
} from '@anyfs/core';
import { FsError, Overlay, joinPath } from '@anyfs/core';
import { changedImage, errno, wholeImage } from '@anyfs/core/node';
import { DiskBase, streamOfParts } from '@anyfs/core/serve';
import type { Disk as Native, open as openNative } from '@anyfs/native';

import { type OpenTarget, commitTo } from './commit.js';
import { converted, converting } from './native-errors.js';
import { NativeFile } from './native-file.js';
import { partitionsOf } from './native-partitions.js';
import { entryOf, statOf } from './native-stat.js';

/** Number of calls that a listing makes at the same time. */
const AT_ONCE = 64;
/** Entries of a directory that are read at once. */
const ENTRIES = 1000;

export interface NativeOptions {
  /** MiB of memory of the kernel. */
  memory?: number;
  target?: OpenTarget;
}

export class NativeDisk extends DiskBase implements Disk {
  private native!: Native;
  /** Keys that are being tried, by the path of the volume. */
  private readonly keys = new Map<string, string | Uint8Array>();
  private readonly counted = { requests: 0, bytesRead: 0, bytesWritten: 0 };

  private constructor(private readonly source: Source, private readonly options: NativeOptions) {
    super();
  }

  /** @param source an Overlay, or a source that is only read */
  static async open(open: typeof openNative, source: Source, options: NativeOptions = {}): Promise<NativeDisk> {
    const disk = new NativeDisk(source, options);
    const write = source instanceof Overlay;

    disk.native = await converting(() => open(disk.bytes(), {
      write, isolate: true, format: 'raw', memory: options.memory ?? 128,
      keys: ({ path }, attempt) => attempt ? null : disk.keys.get(path) as string | undefined,
    }));
    return disk;
  }

  /** The source for @anyfs/native.  It has no close(), because it is still read after a commit. */
  private bytes() {
    const { source, counted } = this;

    return {
      name: source.name, size: source.size,
      async read(into: Buffer, offset: number) {
        counted.requests++;
        counted.bytesRead += into.length;
        await source.read(into, offset);
      },
      async write(from: Buffer, offset: number) {
        counted.requests++;
        counted.bytesWritten += from.length;
        await source.write!(from, offset);
      },
      flush: async () => { await source.flush?.(); },
    };
  }

  private get fs() {
    return this.native.fs.promises;
  }

  get size(): number {
    return this.source.size;
  }

  partitions(): Promise<Partition[]> {
    return converting(async () => partitionsOf(await this.native.tree(), await this.native.partitions()));
  }

  async unlock(path: string, secret: string | Uint8Array, options: UnlockOptions = {}): Promise<void> {
    if (options.kdfMemory !== undefined || options.kdfSeconds !== undefined)
      throw new FsError(errno.EOPNOTSUPP, 'unlock', path, 'the limits of key derivation cannot be changed');
    const part = (await this.partitions()).find((one) => one.path === path);
    if (!part || !/^(crypto_LUKS|BitLocker)$/.test(part.content))
      throw new FsError(errno.EINVAL, 'unlock', path, 'it is not an encrypted volume');
    if (!part.locked)
      return;
    this.keys.set(path, secret);
    try {
      await converting(() => this.fs.readdir(path));
    } catch (error) {
      if (error instanceof FsError && error.errno === -errno.ENOKEY)
        throw new FsError(errno.EKEYREJECTED, 'unlock', path);
      // The key was right, so the volume is unlocked; partitions() reports why its content cannot be read.
    } finally {
      this.keys.delete(path);
    }
    if ((await this.partitions()).find((one) => one.path === path)?.locked)
      throw new FsError(errno.EKEYREJECTED, 'unlock', path);
  }

  async tableType(): Promise<string> {
    return (await converting(() => this.native.info())).table;
  }

  async stat(path: string): Promise<Stat> {
    return statOf(await converting(() => this.fs.lstat(path)));
  }

  async statFollow(path: string): Promise<Stat> {
    return statOf(await converting(() => this.fs.stat(path)));
  }

  readlink(path: string): Promise<string> {
    return converting(() => this.fs.readlink(path));
  }

  realpath(path: string): Promise<string> {
    return converting(() => this.fs.realpath(path));
  }

  extents(path: string): Promise<Extent[]> {
    return Promise.reject(new FsError(errno.EOPNOTSUPP, 'extents', path,
      '@anyfs/native cannot list extents; use the command `anyfs extents`'));
  }

  readKernelFile(path: string): Promise<string> {
    return Promise.reject(new FsError(errno.EOPNOTSUPP, 'readKernelFile', path,
      'the native kernel shows its own files only to sessions'));
  }

  async *list(path: string, { signal, stats = false }: WalkOptions = {}): AsyncGenerator<WalkEntry> {
    let some: WalkEntry[] = [];
    const dir = await converting(() => this.fs.opendir(path, { bufferSize: ENTRIES }));

    try {
      for await (const found of dir) {
        signal?.throwIfAborted();
        some.push({ path: joinPath(path, found.name), entry: entryOf(found) });
        if (some.length === AT_ONCE) {
          yield* stats ? await this.withStats(some) : some;
          some = [];
        }
      }
    } catch (error) {
      throw converted(error);
    }
    yield* stats ? await this.withStats(some) : some;
  }

  /** If attributes of an entry cannot be read, list the name only; stat() reports the error. */
  private withStats(entries: readonly WalkEntry[]): Promise<WalkEntry[]> {
    return Promise.all(entries.map(async (one) => {
      const stat = await this.stat(one.path).catch(() => null);
      return stat ? { ...one, entry: { ...one.entry, ino: stat.ino, kind: stat.kind }, stat } : one;
    }));
  }

  async open(path: string, mode: OpenMode = 'r', permissions = 0o644): Promise<FileHandle> {
    return new NativeFile(path, await converting(() => this.fs.open(path, mode, permissions)));
  }

  async mkdir(path: string, permissions = 0o755): Promise<void> {
    await converting(() => this.fs.mkdir(path, permissions));
  }

  symlink(target: string, path: string): Promise<void> {
    return converting(() => this.fs.symlink(target, path));
  }

  unlink(path: string): Promise<void> {
    return converting(() => this.fs.unlink(path));
  }

  rmdir(path: string): Promise<void> {
    return converting(() => this.fs.rmdir(path));
  }

  /**
   * @anyfs/native has no rename that refuses to replace a file, so check first.  This is not safe:
   * another call may make the file @to between the check and the rename.
   */
  async rename(from: string, to: string, { replace = true }: RenameOptions = {}): Promise<void> {
    if (!replace && await this.stat(to).then(() => true, () => false))
      throw new FsError(errno.EEXIST, 'rename', to);
    await converting(() => this.fs.rename(from, to));
  }

  link(existing: string, path: string): Promise<void> {
    return converting(() => this.fs.link(existing, path));
  }

  chmod(path: string, permissions: number): Promise<void> {
    return converting(() => this.fs.chmod(path, permissions));
  }

  chown(path: string, uid: number, gid: number): Promise<void> {
    return converting(() => this.fs.chown(path, uid, gid));
  }

  lchown(path: string, uid: number, gid: number): Promise<void> {
    return converting(() => this.fs.lchown(path, uid, gid));
  }

  utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    return converting(() => this.fs.utimes(path, atime, mtime));
  }

  lutimes(path: string, atime: number | Date, mtime: number | Date): Promise<void> {
    return converting(() => this.fs.lutimes(path, atime, mtime));
  }

  async statfs(path: string): Promise<FsStatistics> {
    const { bsize, blocks, bfree, bavail, files, ffree } = await converting(() => this.fs.statfs(path));

    return {
      blockSize: bsize, size: blocks * bsize, free: bfree * bsize, available: bavail * bsize,
      files, filesFree: ffree,
    };
  }

  listXattrs(path: string): Promise<string[]> {
    return converting(() => this.fs.llistxattr(path));
  }

  getXattr(path: string, name: string): Promise<Uint8Array> {
    return converting(() => this.fs.lgetxattr(path, name));
  }

  setXattr(path: string, name: string, value: Uint8Array): Promise<void> {
    return converting(() => this.fs.lsetxattr(path, name, value));
  }

  removeXattr(path: string, name: string): Promise<void> {
    return converting(() => this.fs.lremovexattr(path, name));
  }

  async changes(): Promise<Changes | null> {
    await this.sync();
    return this.source instanceof Overlay ? { bytes: this.source.changedBytes } : null;
  }

  sync(): Promise<void> {
    return converting(() => this.fs.sync());
  }

  async statistics(): Promise<Statistics> {
    return { ...this.counted };
  }

  export(): ReadableStream<Uint8Array> {
    return streamOfParts(wholeImage(() => this.settled(), () => {}));
  }

  exportChanges(backing?: string): ReadableStream<Uint8Array> {
    return streamOfParts(changedImage(() => this.settled(), backing));
  }

  commit(): AsyncGenerator<number> {
    return commitTo(this.options.target, this.source, () => this.settled());
  }

  /** The disk while its file systems are frozen; for an overlay, a snapshot. */
  private settled(): Promise<Source> {
    return converting(() => this.native.frozen(() =>
      this.source instanceof Overlay ? this.source.snapshot() : this.source));
  }

  async close(): Promise<void> {
    try {
      await converting(() => this.native.close());
    } finally {
      await this.source.close?.();
    }
  }
}
