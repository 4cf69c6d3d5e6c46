// SPDX-License-Identifier: GPL-2.0
/*
 * files.ts - access to the files of a Disk or of a session, for hooks and components
 */
import type { AnyfsSession, DirEntry, Disk, Extent, Stat } from '@anyfs/core';

/** One entry of a directory; with its attributes if they came with the listing. */
export interface Entry extends DirEntry {
  stat?: Stat;
}

export interface Files {
  /** The entries of a directory, in parts, in the order of the file system. */
  list(path: string, signal: AbortSignal): AsyncIterable<Entry[]>;
  /** For a symbolic link: attributes of the link itself. */
  stat(path: string): Promise<Stat>;
  statFollow(path: string): Promise<Stat>;
  readlink(path: string): Promise<string>;
  /** The path without symbolic links. */
  realpath(path: string): Promise<string>;
  /** Up to @length bytes of a file from @offset on; fewer at its end. */
  read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Names and values of extended attributes; for a symbolic link: of the link itself. */
  xattrs?(path: string): Promise<[string, Uint8Array][]>;
  /** Where the data of a file is stored. */
  extents?(path: string): Promise<Extent[]>;
}

/** Bytes of one read. */
const PART = 1 << 20;
/** Number of entries in one part of a listing. */
const ENTRIES = 500;

export function filesOfDisk(disk: Disk): Files {
  return {
    async *list(path, signal) {
      let some: Entry[] = [];
      for await (const { entry, stat } of disk.list(path, { signal, stats: true })) {
        some.push(stat ? { ...entry, stat } : entry);
        if (some.length >= ENTRIES) {
          yield some;
          some = [];
        }
      }
      yield some;
    },
    stat: (path) => disk.stat(path),
    statFollow: (path) => disk.statFollow(path),
    readlink: (path) => disk.readlink(path),
    realpath: (path) => disk.realpath(path),
    async read(path, offset, length, signal) {
      await using file = await disk.open(path);
      // The file is closed when this function ends: wait for the last part.
      return await readParts((at, len) => file.read(at, len), offset, length, signal);
    },
    async xattrs(path) {
      const found: [string, Uint8Array][] = [];
      for (const name of await disk.listXattrs(path))
        found.push([name, await disk.getXattr(path, name)]);
      return found;
    },
    extents: (path) => disk.extents(path),
  };
}

export function filesOfSession(session: AnyfsSession): Files {
  return {
    async *list(path) {
      yield await session.readdir(path);
    },
    stat: (path) => session.stat(path),
    statFollow: (path) => session.statFollow(path),
    readlink: (path) => session.readlink(path),
    realpath: (path) => session.realpath(path),
    async read(path, offset, length, signal) {
      const fd = await session.openFd(path);
      try {
        return await readParts((at, len) => session.readFd(fd, at, len), offset, length, signal);
      } finally {
        await session.closeFd(fd);
      }
    },
  };
}

/** Read up to @length bytes in parts, so that an abort need not wait for all of them. */
async function readParts(read: (offset: number, length: number) => Promise<Uint8Array>,
  offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;

  while (total < length) {
    signal.throwIfAborted();
    const wanted = Math.min(PART, length - total);
    const part = await read(offset + total, wanted);
    parts.push(part);
    total += part.length;
    if (part.length < wanted)
      break;
  }
  return joined(parts, total);
}

function joined(parts: Uint8Array[], total: number): Uint8Array {
  if (parts.length === 1)
    return parts[0]!;
  const all = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
