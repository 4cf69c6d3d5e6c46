// SPDX-License-Identifier: GPL-2.0
/*
 * store.ts - the loaded directories and files of a disk, which all components share
 */
import { type Disk, type Partition, isBelow, parentPath } from '@anyfs/core';

import type { Entry, Files } from './files.js';
import { Resource } from './resource.js';

/** A range of a file, in bytes. */
export interface FileRange {
  offset: number;
  length: number;
}

export interface FileContent {
  data: Uint8Array;
  /** Bytes of the whole file. */
  size: number;
}

export class Store {
  private readonly dirs = new Map<string, Resource<Entry[]>>();
  private readonly contents = new Map<string, Map<string, Resource<FileContent>>>();
  private partitionList: Resource<Partition[]> | null = null;
  private readonly listeners = new Set<(path: string) => void>();

  /** @param disk null: a native session serves the files */
  constructor(readonly files: Files, private readonly disk: Disk | null) {}

  /** Call @listener with each path that changes.  Returns a function that unsubscribes it. */
  readonly onChange = (listener: (path: string) => void): (() => void) => {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  };

  /** The partitions of the disk; an error without a Disk. */
  partitions(): Resource<Partition[]> {
    return this.partitionList ??= new Resource<Partition[]>(async () => {
      if (!this.disk)
        throw new Error('a native session has no partitions here: use its listParts()');
      return this.disk.partitions();
    }, undefined, () => { this.partitionList = null; });
  }

  /** The entries of directory @path, sorted by name once all are loaded. */
  dir(path: string): Resource<Entry[]> {
    return getOrMake(this.dirs, path, () => new Resource<Entry[]>(
      (signal, part) => listEntries(this.files, path, signal, part), undefined,
      () => this.dirs.delete(path)));
  }

  /** The content of @path, or @range of it. */
  content(path: string, range: FileRange | undefined): Resource<FileContent> {
    const ranges = getOrMake(this.contents, path, () => new Map());
    const key = range ? `${range.offset}+${range.length}` : '';

    return getOrMake(ranges, key, () => new Resource<FileContent>(
      (signal) => contentOf(this.files, path, range, signal), undefined, () => {
        ranges.delete(key);
        if (!ranges.size)
          this.contents.delete(path);
      }));
  }

  /** Reload @path, its directory and everything below it, as far as they are shown. */
  readonly changed = (path: string): void => {
    const parent = parentPath(path);

    for (const [dir, resource] of this.dirs)
      if (dir === parent || isBelow(dir, path))
        resource.refresh();
    for (const [file, ranges] of this.contents)
      if (isBelow(file, path))
        ranges.forEach((resource) => resource.refresh());
    for (const listener of this.listeners)
      listener(path);
  };
}

async function listEntries(files: Files, path: string, signal: AbortSignal,
  part: (entries: Entry[]) => void): Promise<Entry[]> {
  const entries: Entry[] = [];
  let shown = 0;

  for await (const some of files.list(path, signal)) {
    signal.throwIfAborted();
    // push(...some) fails for a very large array, and a session lists a whole directory as one
    // part.
    for (const entry of some)
      entries.push(entry);
    // Each update of the display sorts all entries: update when there are ten times as many as
    // before.
    if (entries.length >= 10 * Math.max(shown, 50)) {
      shown = entries.length;
      part([...entries].sort(byName));
    }
  }
  return entries.sort(byName);
}

async function contentOf(files: Files, path: string, range: FileRange | undefined,
  signal: AbortSignal): Promise<FileContent> {
  const { size } = await files.statFollow(path);
  const { offset, length } = range ?? { offset: 0, length: size };

  signal.throwIfAborted();
  return { data: await files.read(path, offset, length, signal), size };
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);

  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
