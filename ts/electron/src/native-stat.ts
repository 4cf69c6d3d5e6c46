// SPDX-License-Identifier: GPL-2.0
/*
 * native-stat.ts - convert attributes and directory entries of @anyfs/native to those of
 * @anyfs/core
 */
import type { DirEntry, Stat } from '@anyfs/core';
import type { Dirent, Stats } from 'node:fs';

type Kind = DirEntry['kind'];

interface Typed {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export function kindOf(typed: Typed): Kind {
  return typed.isFile() ? 'file' : typed.isDirectory() ? 'dir' : typed.isSymbolicLink() ? 'link' : 'other';
}

export function statOf(stats: Stats): Stat {
  const { ino, mode, nlink, uid, gid, size, blocks, blksize, dev, rdev } = stats;

  return {
    ino, mode, nlink, uid, gid, size, blocks, blksize, dev, rdev, kind: kindOf(stats),
    atime: stats.atimeMs / 1000, ctime: stats.ctimeMs / 1000, mtime: stats.mtimeMs / 1000,
    ...(stats.birthtimeMs > 0 ? { btime: stats.birthtimeMs / 1000 } : {}),
  };
}

/** The inode number is 0, because directory entries of @anyfs/native have none. */
export function entryOf(entry: Dirent): DirEntry {
  return { name: entry.name, ino: 0, kind: kindOf(entry) };
}
