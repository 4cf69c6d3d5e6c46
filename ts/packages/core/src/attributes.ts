// SPDX-License-Identifier: GPL-2.0
/*
 * attributes.ts - entries of directories and attributes of files, from the kernel's buffers
 */
import { dirent, kindOfMode, kindOfType, statx, type Kind } from './layout-user.js';
import type { Memory } from './memory.js';

export interface DirEntry {
  name: string;
  ino: number;
  kind: Kind;
}

export interface Stat {
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  size: number;
  blocks: number;
  kind: Kind;
  /** Seconds since 1970. */
  atime: number;
  ctime: number;
  mtime: number;
}

/**
 * What getdents64() wrote at @start, without "." and "..".  Some file systems do not record
 * the kind in the directory: it is not known then.
 */
export function readEntries(mem: Memory, start: number, len: number) {
  const entries: { entry: DirEntry; known: boolean }[] = [];

  for (let e = start; e < start + len; e += mem.view.getUint16(e + dirent.reclen, true)) {
    const name = mem.cstring(e + dirent.name);
    const type = mem.bytes[e + dirent.type]!;
    if (name !== '.' && name !== '..')
      entries.push({
        entry: { name, ino: mem.u64(e + dirent.ino), kind: kindOfType(type) }, known: type !== 0,
      });
  }
  return entries;
}

/** What statx() wrote at @at. */
export function readStat(mem: Memory, at: number): Stat {
  const mode = mem.view.getUint16(at + statx.mode, true);
  const time = (member: number) => Number(mem.view.getBigInt64(at + member, true)) +
    mem.u32(at + member + 8) / 1e9;

  return {
    ino: mem.u64(at + statx.ino), mode, nlink: mem.u32(at + statx.nlink),
    uid: mem.u32(at + statx.uid), gid: mem.u32(at + statx.gid),
    size: mem.u64(at + statx.size), blocks: mem.u64(at + statx.blocks),
    kind: kindOfMode(mode),
    atime: time(statx.atime), ctime: time(statx.ctime), mtime: time(statx.mtime),
  };
}

/** Attributes of a list of partitions or volumes, which is in no file system. */
export function directoryStat(entries: number): Stat {
  return {
    ino: 0, mode: 0o40555, nlink: 2 + entries, uid: 0, gid: 0, size: 0, blocks: 0, kind: 'dir',
    atime: 0, ctime: 0, mtime: 0,
  };
}
