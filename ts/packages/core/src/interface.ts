// SPDX-License-Identifier: GPL-2.0
/*
 * interface.ts - an open disk and its files, as callers see them
 *
 * LocalDisk (disk.ts) runs the kernel on the caller's thread, RemoteDisk (remote.ts) in a
 * worker.  Errors are FsErrors with a POSIX code.
 */
import type { DirEntry, Stat } from './attributes.js';
import type { UnlockOptions } from './containers.js';
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
   * bootable ISO); of a disk without a table the whole disk, as "/".
   */
  partitions(): Promise<Partition[]>;
  /**
   * Unlock the encrypted volume (LUKS) at @path with a password, or the content of a key file.
   * EKEYREJECTED: it is wrong; E2BIG: key derivation exceeds the limits of @options.
   */
  unlock(path: string, secret: string | Uint8Array, options?: UnlockOptions): Promise<void>;
  /** Type of the partition table: "gpt", "dos" ...; "": the disk has no partitions. */
  tableType(): Promise<string>;
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
  /** Remove a file, or a directory with all that is in it. */
  rm(path: string): Promise<void>;
  /** Both paths must be in the same file system. */
  rename(from: string, to: string): Promise<void>;
  chmod(path: string, permissions: number): Promise<void>;
  /** Write all changes to the image, and flush the image. */
  sync(): Promise<void>;
  statistics(): Promise<Statistics>;
}

export interface Disk extends DiskCalls {
  /** Bytes of the disk.  An image in a format such as qcow2 has another size itself. */
  readonly size: number;
  readdir(path: string, options?: WalkOptions): AsyncGenerator<DirEntry>;
  /** The entries of a directory, with their paths and, if asked for, their attributes. */
  list(path: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** Everything below @root, a directory before its entries. */
  walk(root: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  /** Open a file; a symbolic link is followed.  @param permissions of a new file */
  open(path: string, mode?: OpenMode, permissions?: number): Promise<FileHandle>;
  /** Write a file with this content, instead of one that may be there. */
  writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The whole image with all changes, also those of an overlay.  The stream fails if the
   * disk is closed before its end; changes made meanwhile may be in it or not.
   */
  export(): ReadableStream<Uint8Array>;
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
