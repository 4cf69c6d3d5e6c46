// SPDX-License-Identifier: GPL-2.0
/*
 * interface.ts - an open disk and its files, as callers see them
 *
 * LocalDisk (disk.ts) runs the kernel on the caller's thread, RemoteDisk (remote.ts) in a
 * worker.  Errors are FsErrors with a POSIX code.
 */
import type { DirEntry, Stat } from './attributes.js';
import type { UnlockOptions } from './containers.js';
import type { Extent } from './extents.js';
import type { Partition } from './volumes.js';

/** How open() opens a file, like the flags of node:fs. */
export type OpenMode = 'r' | 'r+' | 'w' | 'wx' | 'w+' | 'a';

export interface WalkOptions {
  /** Ends the listing with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Also get the attributes of each entry, which is faster than stat() of each path. */
  stats?: boolean;
}

export interface WalkEntry {
  path: string;
  entry: DirEntry;
  /** Present with the option stats. */
  stat?: Stat;
}

export interface RmOptions {
  /** Stops the removal between two files; the error is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called with each path that was removed. */
  progress?: (path: string) => void;
}

export interface RenameOptions {
  /** true, the default: replace a file at the new path; false: fail with EEXIST. */
  replace?: boolean;
}

export interface StreamOptions {
  /** Ends the stream with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** First byte; 0 by default. */
  start?: number;
  /** The byte after the last one; the end of the file by default. */
  end?: number;
}

/** Space of a file system; sizes in bytes. */
export interface FsStatistics {
  blockSize: number;
  size: number;
  free: number;
  /** Free for ordinary users. */
  available: number;
  /** Number of inodes; 0: the file system has no fixed number. */
  files: number;
  filesFree: number;
}

export interface Changes {
  /** Bytes that an overlay has changed. */
  bytes: number;
}

export interface Statistics {
  /** Requests of the kernel to the image. */
  requests: number;
  bytesRead: number;
  bytesWritten: number;
}

/** Calls whose parameters and results can be sent between threads. */
export interface DiskCalls {
  /**
   * List the partitions.  A disk that has partitions and also is a file system itself (a bootable
   * ISO) is listed as /p0; a disk without a partition table is listed as "/".  If several images
   * are open, the partitions of all are listed.
   */
  partitions(): Promise<Partition[]>;
  /**
   * Unlock the encrypted volume (LUKS or BitLocker) at @path with a password, a recovery
   * password, or the content of a key file.
   * EKEYREJECTED: @secret is wrong; E2BIG: key derivation exceeds the limits of @options.
   */
  unlock(path: string, secret: string | Uint8Array, options?: UnlockOptions): Promise<void>;
  /**
   * Type of the partition table: "gpt", "dos" ...; "": the disk has no partitions.
   *
   * @param image the index of the image, if several are open
   */
  tableType(image?: number): Promise<string>;
  /** For a symbolic link: attributes of the link itself. */
  stat(path: string): Promise<Stat>;
  /** For a symbolic link: attributes of the file that the link leads to. */
  statFollow(path: string): Promise<Stat>;
  readlink(path: string): Promise<string>;
  /** The path without symbolic links. */
  realpath(path: string): Promise<string>;
  /** At most @maxBytes of a file that the kernel itself provides, such as /proc/filesystems. */
  readKernelFile(path: string, maxBytes?: number): Promise<string>;
  mkdir(path: string, permissions?: number): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Remove an empty directory. */
  rmdir(path: string): Promise<void>;
  /** Both paths must be in the same file system. */
  rename(from: string, to: string, options?: RenameOptions): Promise<void>;
  /** Make another name of the file @existing, in the same file system. */
  link(existing: string, path: string): Promise<void>;
  chmod(path: string, permissions: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  /** For a symbolic link: attributes of the link itself. */
  lchown(path: string, uid: number, gid: number): Promise<void>;
  /** Set times of a file, in seconds since 1970 or as dates. */
  utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
  lutimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
  /** Space of the file system that contains @path. */
  statfs(path: string): Promise<FsStatistics>;
  /**
   * Names of extended attributes, such as "user.comment"; for a symbolic link: of the link itself.
   */
  listXattrs(path: string): Promise<string[]>;
  /** ENODATA: there is no such attribute. */
  getXattr(path: string, name: string): Promise<Uint8Array>;
  setXattr(path: string, name: string, value: Uint8Array): Promise<void>;
  removeXattr(path: string, name: string): Promise<void>;
  /**
   * Where the data of a file is stored; holes are not listed.  EOPNOTSUPP: the file system does
   * not report it.
   */
  extents(path: string): Promise<Extent[]>;
  /** Statistics of the overlay; null: the disk was opened without an overlay. */
  changes(): Promise<Changes | null>;
  /** Write all cached changes to the image, and flush it; with an overlay they stay in memory. */
  sync(): Promise<void>;
  statistics(): Promise<Statistics>;
}

export interface Disk extends DiskCalls {
  /**
   * Size of the disk, or of all disks together, in bytes; not the size of an image file in a
   * format such as qcow2.
   */
  readonly size: number;
  readdir(path: string, options?: WalkOptions): AsyncGenerator<DirEntry>;
  /** The entries of a directory, with their paths and, if asked for, their attributes. */
  list(path: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** List everything below @root, each directory before its entries. */
  walk(root: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** Open a file; a symbolic link is followed.  @param permissions of a new file */
  open(path: string, mode?: OpenMode, permissions?: number): Promise<FileHandle>;
  /** Remove a file, or a directory with all its content. */
  rm(path: string, options?: RmOptions): Promise<void>;
  /**
   * A stream of the content of a file.  The file is closed at the end of the stream, or when the
   * stream is cancelled.
   */
  readStream(path: string, options?: StreamOptions): ReadableStream<Uint8Array>;
  /** Write a file with this content; an existing file is replaced. */
  writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The whole image with all changes, also those of an overlay.  The stream fails if the disk is
   * closed before the stream ends.  It is undefined whether the stream contains changes that are
   * made while it is read.
   *
   * @param image the index of the image, if several are open
   */
  export(image?: number): ReadableStream<Uint8Array>;
  /**
   * The changes of an overlay, as a qcow2 image whose backing file is the image: `anyfs
   * --allow-backing` and QEMU open it, and `qemu-img commit` writes the changes to the image.
   * @param backing the path of the image, relative to the changes; by default its name
   * @param image the index of the image, if several are open
   */
  exportChanges(backing?: string, image?: number): ReadableStream<Uint8Array>;
  /**
   * Write the changes of overlays to their images, and flush them; yields the bytes written so far.
   * The disk stays open.  An interruption leaves the image with a part of the changes.  EROFS:
   * the image was not opened for writing, or is in a format that can only be read.
   */
  commit(): AsyncGenerator<number>;
  /**
   * Unmount all file systems and end the kernel.  The first error is thrown after everything is
   * closed.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface FileCalls {
  /** Up to @len bytes from @offset on; fewer at the end of the file. */
  read(offset: number, len: number): Promise<Uint8Array>;
  /** Write all of @data at @offset. */
  write(data: Uint8Array, offset: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Make content and attributes durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileHandle extends FileCalls {
  readonly path: string;
  /** The whole content in parts of up to 1 MiB. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array>;
  /** The whole file as a string; throws if the content is not UTF-8. */
  text(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The content of @file in parts. */
export async function* contentOf(file: FileCalls): AsyncGenerator<Uint8Array> {
  const PART = 1 << 20;

  for (let offset = 0; ;) {
    const part = await file.read(offset, PART);
    if (part.length)
      yield part;
    if (part.length < PART)
      return;
    offset += part.length;
  }
}

/** A stream of @parts; cancelling the stream ends the iteration over @parts. */
export function streamOfParts(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done)
        controller.close();
      else
        controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

/** A stream of a file that @open opens and the stream closes. */
export function streamOf(open: () => Promise<FileCalls>,
  { signal, start = 0, end = Infinity }: StreamOptions = {}): ReadableStream<Uint8Array> {
  const PART = 1 << 20;
  let file: FileCalls | null = null;
  let offset = start;
  const close = async () => {
    const opened = file;
    file = null;
    await opened?.close();
  };

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        signal?.throwIfAborted();
        file ??= await open();
        const part = offset < end ? await file.read(offset, Math.min(PART, end - offset)) : null;
        offset += part?.length ?? 0;
        if (part?.length)
          return controller.enqueue(part);
        await close();
        controller.close();
      } catch (error) {
        // Report the first error, not the error of closing.
        await close().catch(() => {});
        throw error;
      }
    },
    cancel: close,
  });
}

export async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';

  for await (const part of parts)
    text += decoder.decode(part, { stream: true });
  return text + decoder.decode();
}

/** Write @data to @file from its beginning on. */
export async function writeAll(file: FileCalls,
  data: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void> {
  let offset = 0;

  for await (const part of partsOf(data)) {
    await file.write(part, offset);
    offset += part.length;
  }
}

async function* partsOf(data: Uint8Array | string | AsyncIterable<Uint8Array>) {
  if (typeof data === 'string')
    yield new TextEncoder().encode(data);
  else if (data instanceof Uint8Array)
    yield data;
  else
    yield* data;
}
