// SPDX-License-Identifier: GPL-2.0
/*
 * entries.ts - the files that go into an archive
 */
import { type Disk, FsError, type Partition, type Stat, isBelow } from '@anyfs/core';

export interface Entry {
  /** In the archive: "etc/hosts". */
  name: string;
  stat: Stat;
  /** Equal for two names of one file. */
  identity: string;
  /** Of a symbolic link. */
  target(): Promise<string>;
  /** Extended attributes; empty: it has none, or its file system knows none. */
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

async function xattrsOf(disk: Disk, path: string): Promise<Map<string, Uint8Array>> {
  const xattrs = new Map<string, Uint8Array>();

  try {
    for (const name of await disk.listXattrs(path))
      xattrs.set(name, await disk.getXattr(path, name));
  } catch (error) {
    if (!(error instanceof FsError && error.code === 'EOPNOTSUPP'))
      throw error;
  }
  return xattrs;
}

/** Numbers of inodes are those of one file system. */
function volumeOf(path: string, partitions: readonly Partition[]): string {
  return partitions.map((part) => part.path)
    .filter((top) => isBelow(path, top))
    .reduce((longest, top) => top.length > longest.length ? top : longest, '');
}

/** The content, exactly as long as the attributes say. */
export async function* contentOf({ name, stat, content }: Entry): AsyncGenerator<Uint8Array> {
  let left = stat.size;

  for await (const part of content()) {
    const used = part.subarray(0, left);
    left -= used.length;
    if (used.length)
      yield used;
  }
  if (left)
    throw new Error(`${name}: the file has become shorter while it was read`);
}

/** A stream of the parts; it ends the generator when it is cancelled. */
export function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
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
