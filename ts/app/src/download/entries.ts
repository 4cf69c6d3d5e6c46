// SPDX-License-Identifier: GPL-2.0
/*
 * entries.ts - the files that go into an archive
 */
import { type Disk, type Partition, type Stat, isBelow } from '@anyfs/core';

import { xattrsOf } from '../image/attributes.js';
import { firstBytes } from '../stream/bytes.js';

export interface Entry {
  /** The path in the archive, such as "etc/hosts". */
  name: string;
  stat: Stat;
  /** Equal for two names of one file. */
  identity: string;
  /** The target of a symbolic link. */
  target(): Promise<string>;
  /** Extended attributes; empty if the file system does not support them. */
  xattrs(): Promise<Map<string, Uint8Array>>;
  content(): ReadableStream<Uint8Array>;
}

/** Everything in @paths; a directory before its entries. */
export async function* entriesOf(disk: Disk, paths: readonly string[], partitions: readonly Partition[],
  signal: AbortSignal): AsyncGenerator<Entry> {
  for (const path of paths) {
    const parent = path.slice(0, path.lastIndexOf('/') + 1);
    const entry = (full: string, stat: Stat): Entry => ({
      // The root itself has no name.
      name: full.slice(parent.length) || '.',
      stat, identity: `${volumeOf(full, partitions)}:${stat.ino}`,
      target: () => disk.readlink(full), xattrs: () => xattrsOf(disk, full),
      content: () => disk.readStream(full, { signal }),
    });
    const stat = await disk.stat(path);

    signal.throwIfAborted();
    yield entry(path, stat);
    if (stat.kind === 'dir')
      for await (const one of disk.walk(path, { stats: true, signal }))
        yield entry(one.path, one.stat ?? await disk.stat(one.path));
  }
}

/** Inode numbers are unique only within one file system. */
function volumeOf(path: string, partitions: readonly Partition[]): string {
  return partitions.map((part) => part.path)
    .filter((top) => isBelow(path, top))
    .reduce((longest, top) => top.length > longest.length ? top : longest, '');
}

/** The content, exactly as many bytes as the attributes say. */
export function contentOf({ name, stat, content }: Entry): AsyncGenerator<Uint8Array> {
  return firstBytes(content(), stat.size,
    () => new Error(`${name}: the file became shorter while it was read`));
}
