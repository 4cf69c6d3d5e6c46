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

/** How open() opens a file, as the flags of node:fs. */
export type OpenMode = 'r' | 'r+' | 'w' | 'wx' | 'w+' | 'a';

export interface WalkOptions {
  /** Ends the listing with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Give the attributes of each entry, too; cheaper than stat() of each path. */
  stats?: boolean;
}

export interface WalkEntry {
  path: string;
  entry: DirEntry;
  /** With the option stats. */
  stat?: Stat;
}

export interface RmOptions {
  /** Stops between two files with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called with each path that was removed. */
  progress?: (path: string) => void;
}

export interface RenameOptions {
  /** Replace what is at the new path, as by default.  false: that is the error EEXIST. */
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

/** Of a file system; sizes in bytes. */
export interface FsStatistics {
  blockSize: number;
  size: number;
  free: number;
  /** Free for ordinary users. */
  available: number;
  /** Inodes; 0: the file system makes them as it needs them. */
  files: number;
  filesFree: number;
}

export interface Changes {
  /** Bytes of an overlay that are not those of the image. */
  bytes: number;
}

export interface Statistics {
  /** Of the kernel to the image. */
  requests: number;
  bytesRead: number;
  bytesWritten: number;
}

/** Calls whose parameters and results can be sent between threads. */
export interface DiskCalls {
  /**
   * What the partition table lists, and /p0, the whole disk, if that is a file system, too (a
   * bootable ISO); of a disk without a table the whole disk, as "/".  Of several images the
   * partitions of all.
   */
  partitions(): Promise<Partition[]>;
  /**
   * Unlock the encrypted volume (LUKS or BitLocker) at @path with a password, a recovery
   * password, or the content of a key file.
   * EKEYREJECTED: it is wrong; E2BIG: key derivation exceeds the limits of @options.
   */
  unlock(path: string, secret: string | Uint8Array, options?: UnlockOptions): Promise<void>;
  /**
   * Type of the partition table: "gpt", "dos" ...; "": the disk has no partitions.
   *
   * @param image its index, if open() got several
   */
  tableType(image?: number): Promise<string>;
  /** Of a symbolic link: the link itself. */
  stat(path: string): Promise<Stat>;
  /** Of a symbolic link: the file that it leads to. */
  statFollow(path: string): Promise<Stat>;
  readlink(path: string): Promise<string>;
  /** The path without symbolic links. */
  realpath(path: string): Promise<string>;
  /** The text of a file of the kernel itself, as /proc/filesystems; at most @maxBytes. */
  readKernelFile(path: string, maxBytes?: number): Promise<string>;
  mkdir(path: string, permissions?: number): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Remove an empty directory. */
  rmdir(path: string): Promise<void>;
  /** Both paths must be in the same file system. */
  rename(from: string, to: string, options?: RenameOptions): Promise<void>;
  /** Another name of the file @existing, in the same file system. */
  link(existing: string, path: string): Promise<void>;
  chmod(path: string, permissions: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  /** Of a symbolic link: the link itself. */
  lchown(path: string, uid: number, gid: number): Promise<void>;
  /** Seconds since 1970, or dates. */
  utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
  lutimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
  /** Of the file system that has @path. */
  statfs(path: string): Promise<FsStatistics>;
  /** Names of extended attributes, as "user.comment"; of a symbolic link: its own. */
  listXattrs(path: string): Promise<string[]>;
  /** ENODATA: there is no such attribute. */
  getXattr(path: string, name: string): Promise<Uint8Array>;
  setXattr(path: string, name: string, value: Uint8Array): Promise<void>;
  removeXattr(path: string, name: string): Promise<void>;
  /**
   * Where the data of a file is stored; holes are missing.  EOPNOTSUPP: the file system cannot
   * tell.
   */
  extents(path: string): Promise<Extent[]>;
  /** Of an overlay; null: the disk was opened without one. */
  changes(): Promise<Changes | null>;
  /** Write all changes to the image, and flush the image. */
  sync(): Promise<void>;
  statistics(): Promise<Statistics>;
}

export interface Disk extends DiskCalls {
  /**
   * Bytes of the disk, or of several together.  An image in a format such as qcow2 has another
   * size itself.
   */
  readonly size: number;
  readdir(path: string, options?: WalkOptions): AsyncGenerator<DirEntry>;
  /** The entries of a directory, with their paths and, if asked for, their attributes. */
  list(path: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** Everything below @root, a directory before its entries. */
  walk(root: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** Open a file; a symbolic link is followed.  @param permissions of a new file */
  open(path: string, mode?: OpenMode, permissions?: number): Promise<FileHandle>;
  /** Remove a file, or a directory with all that is in it. */
  rm(path: string, options?: RmOptions): Promise<void>;
  /** The content of a file; it is closed at the end of the stream, or when that is cancelled. */
  readStream(path: string, options?: StreamOptions): ReadableStream<Uint8Array>;
  /** Write a file with this content, instead of one that may be there. */
  writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The whole image with all changes, also those of an overlay.  The stream fails if the
   * disk is closed before its end; changes made meanwhile may be in it or not.
   *
   * @param image its index, if open() got several
   */
  export(image?: number): ReadableStream<Uint8Array>;
  /**
   * The changes of an overlay, as a qcow2 image whose backing file is the image: `anyfs
   * --allow-backing` and QEMU open it, and `qemu-img commit` writes it to the image.
   * @param backing its path beside the changes; by default the name of the image
   * @param image its index, if open() got several
   */
  exportChanges(backing?: string, image?: number): ReadableStream<Uint8Array>;
  /**
   * Write the changes of overlays to their images, and flush them; yields the bytes written so far.
   * The disk stays open.  An interruption leaves the image with a part of the changes.  EROFS:
   * the image was not opened for writing, or is in a format that can only be read.
   */
  commit(): AsyncGenerator<number>;
  /** Unmount and end the kernel.  The first error is thrown after all is closed. */
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
  /** The whole file as UTF-8; throws if it is something else. */
  text(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The whole content of @file in parts. */
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

/** A stream of @parts, which are ended when it is cancelled. */
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

/** A stream of a file that @open opens; it closes the file. */
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
        // Report the first error, not that of closing.
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
