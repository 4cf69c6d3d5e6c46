// SPDX-License-Identifier: GPL-2.0
/*
 * attributes.ts - entries of directories and attributes of files, from the kernel's buffers
 */
import { STATX_BTIME, dirent, kindOfMode, kindOfType, statx, type Kind } from './layout-user.js';
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
  /** Number of allocated blocks of 512 bytes. */
  blocks: number;
  /** Size in bytes for efficient reads and writes. */
  blksize: number;
  kind: Kind;
  /**
   * Device of the file system, for fmtDev(); all hard links of a file have the same dev and ino.
   */
  dev: number;
  /** Device that this device node stands for, for fmtDev(). */
  rdev: number;
  /** Seconds since 1970. */
  atime: number;
  ctime: number;
  mtime: number;
  /** Time of creation, if the file system stores it. */
  btime?: number;
}

/**
 * Read the entries that getdents64() wrote at @start, without "." and "..".  In the result, "known"
 * is false if the file system does not record the kind of the entry in the directory.
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

/** Read the attributes that statx() wrote at @at. */
export function readStat(mem: Memory, at: number): Stat {
  const mode = mem.view.getUint16(at + statx.mode, true);
  const time = (member: number) => mem.i64(at + member) + mem.u32(at + member + 8) / 1e9;
  const device = (member: number) => deviceNumber(mem.u32(at + member), mem.u32(at + member + 4));

  return {
    ino: mem.u64(at + statx.ino), mode, nlink: mem.u32(at + statx.nlink),
    uid: mem.u32(at + statx.uid), gid: mem.u32(at + statx.gid),
    size: mem.u64(at + statx.size), blocks: mem.u64(at + statx.blocks),
    blksize: mem.u32(at + statx.blksize), kind: kindOfMode(mode),
    dev: device(statx.dev), rdev: device(statx.rdev),
    atime: time(statx.atime), ctime: time(statx.ctime), mtime: time(statx.mtime),
    ...(mem.u32(at + statx.mask) & STATX_BTIME ? { btime: time(statx.btime) } : {}),
  };
}

/** Attributes of a list of partitions or volumes, which is in no file system. */
export function directoryStat(entries: number): Stat {
  return {
    ino: 0, mode: 0o40555, nlink: 2 + entries, uid: 0, gid: 0, size: 0, blocks: 0, kind: 'dir',
    blksize: 4096, dev: 0, rdev: 0, atime: 0, ctime: 0, mtime: 0,
  };
}

/** The encoding of the kernel's new_encode_dev() (include/linux/kdev_t.h). */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 2 ** 8 + (minor >>> 8) * 2 ** 20;
}
