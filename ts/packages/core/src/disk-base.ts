// SPDX-License-Identifier: GPL-2.0
/*
 * disk-base.ts - the calls of a disk that are made of other calls, for each implementation of Disk
 */
import type { DirEntry, Stat } from './attributes.js';
import {
  type FileHandle, type OpenMode, type RmOptions, type StreamOptions, type WalkEntry,
  type WalkOptions, streamOf, writeAll,
} from './interface.js';
import { joinPath } from './paths.js';

export abstract class DiskBase {
  abstract list(path: string, options?: WalkOptions): AsyncGenerator<WalkEntry>;
  abstract stat(path: string): Promise<Stat>;
  abstract open(path: string, mode?: OpenMode, permissions?: number): Promise<FileHandle>;
  abstract unlink(path: string): Promise<void>;
  abstract rmdir(path: string): Promise<void>;
  abstract close(): Promise<void>;

  async *readdir(path: string, options: WalkOptions = {}): AsyncGenerator<DirEntry> {
    for await (const { entry } of this.list(path, options))
      yield entry;
  }

  async *walk(root: string, options: WalkOptions = {}): AsyncGenerator<WalkEntry> {
    const found: WalkEntry[] = [];

    for await (const one of this.list(root, options))
      found.push(one);
    for (const one of found) {
      yield one;
      if (one.entry.kind === 'dir')
        yield* this.walk(one.path, options);
    }
  }

  readStream(path: string, options: StreamOptions = {}): ReadableStream<Uint8Array> {
    return streamOf(() => this.open(path), options);
  }

  async writeFile(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void> {
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

  async rm(path: string, { signal, progress }: RmOptions = {}): Promise<void> {
    for await (const removed of this.remove(path)) {
      progress?.(removed);
      signal?.throwIfAborted();
    }
  }

  /** Remove everything at @path, and yield the path of each entry after its removal. */
  async *remove(path: string): AsyncGenerator<string> {
    if ((await this.stat(path)).kind !== 'dir') {
      await this.unlink(path);
    } else {
      const names: string[] = [];
      for await (const { name } of this.readdir(path))
        names.push(name);
      for (const name of names)
        yield* this.remove(joinPath(path, name));
      await this.rmdir(path);
    }
    yield path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
