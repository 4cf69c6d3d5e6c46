// SPDX-License-Identifier: GPL-2.0
/*
 * restore.ts - keep files, symbolic links and directories, to make them again
 */
import type { Disk, Stat } from '@anyfs/core';

import { statOf, xattrsOf } from '../image/attributes.js';

/** Bytes of the largest file whose content is kept, to undo a change: 4 MiB. */
const LIMIT = 4 << 20;
/**
 * Number of entries up to which the files of a directory are kept: reading more would take too
 * long.
 */
const ENTRIES = 3000;

export interface Restoration {
  /** Bytes of memory that the kept content takes. */
  bytes: number;
  restore(): Promise<void>;
  /** Call it after the entries of a directory were restored. */
  finish?(): Promise<void>;
}

/** Keep the file or symbolic link @path.  null: another kind of file, or larger than @room. */
export async function restoration(disk: Disk, path: string, stat: Stat, room: number): Promise<Restoration | null> {
  if (stat.kind === 'link') {
    const target = await disk.readlink(path);
    return { bytes: target.length, restore: () => putLink(disk, path, target, stat) };
  }
  if (stat.kind !== 'file' || stat.size > Math.min(LIMIT, room))
    return null;
  const content = new Uint8Array(await new Response(disk.readStream(path)).arrayBuffer());
  const xattrs = await xattrsOf(disk, path);
  return {
    bytes: content.length + sizeOf(xattrs),
    restore: async () => {
      await disk.writeFile(path, content);
      await putAttributes(disk, path, stat, xattrs);
    },
  };
}

/**
 * Like restoration(), but null if the file has several names, because the restored file would be a
 * separate copy.
 */
export async function replaceable(disk: Disk, path: string, room: number): Promise<Restoration | null> {
  const stat = await disk.stat(path);
  return stat.nlink === 1 ? restoration(disk, path, stat, room) : null;
}

/** Keep the directory @path without its entries. */
export async function directoryRestoration(disk: Disk, path: string): Promise<Restoration> {
  const stat = await disk.stat(path);
  const xattrs = await xattrsOf(disk, path);

  return {
    bytes: sizeOf(xattrs),
    restore: async () => {
      await disk.mkdir(path, stat.mode & 0o7777);
      await putAttributes(disk, path, stat, xattrs);
    },
    // Set the time again, because restoring the entries has changed it.
    finish: () => disk.utimes(path, stat.atime, stat.mtime).catch(() => {}),
  };
}

/**
 * Keep the file @path, or the directory @path with everything below it.  restore() skips entries
 * that still exist.  null: an entry cannot be made again, or all need more than @room bytes.
 */
export async function treeRestoration(disk: Disk, path: string, room: number,
  signal?: AbortSignal): Promise<Restoration | null> {
  const paths = await keepable(disk, path, room, signal);
  const kept: { path: string; old: Restoration }[] = [];
  let bytes = 0;

  for (const { path: one, directory } of paths ?? []) {
    signal?.throwIfAborted();
    const old = directory ? await directoryRestoration(disk, one) : await replaceable(disk, one, room - bytes);
    if (!old)
      return null;
    bytes += old.bytes;
    kept.push({ path: one, old });
  }
  return paths && {
    bytes,
    restore: async () => {
      for (const { path: one, old } of kept)
        if (!await statOf(disk, one))
          await old.restore();
      for (const { old } of [...kept].reverse())
        await old.finish?.();
    },
  };
}

/** The paths of a tree, if it is small enough to be kept; a directory before its entries. */
async function keepable(disk: Disk, path: string, room: number,
  signal: AbortSignal | undefined): Promise<{ path: string; directory: boolean }[] | null> {
  const root = await disk.stat(path);
  const found = [{ path, directory: root.kind === 'dir' }];
  let bytes = 0;

  if (root.kind !== 'dir')
    return found;
  for await (const one of disk.walk(path, { signal, stats: true })) {
    const stat = one.stat ?? await disk.stat(one.path);
    bytes += stat.kind === 'file' ? stat.size : 0;
    if (stat.kind === 'other' || (stat.kind === 'file' && stat.size > LIMIT) || bytes > room || found.length >= ENTRIES)
      return null;
    found.push({ path: one.path, directory: stat.kind === 'dir' });
  }
  return found;
}

async function putLink(disk: Disk, path: string, target: string, { uid, gid, atime, mtime }: Stat): Promise<void> {
  await disk.symlink(target, path);
  await disk.lchown(path, uid, gid).catch(() => {});
  await disk.lutimes(path, atime, mtime).catch(() => {});
}

async function putAttributes(disk: Disk, path: string, { mode, uid, gid, atime, mtime }: Stat,
  xattrs: ReadonlyMap<string, Uint8Array>): Promise<void> {
  // File systems without owners and modes refuse to set them.
  await disk.chown(path, uid, gid).catch(() => {});
  await disk.chmod(path, mode & 0o7777).catch(() => {});
  for (const [name, value] of xattrs)
    await disk.setXattr(path, name, value);
  await disk.utimes(path, atime, mtime).catch(() => {});
}

function sizeOf(xattrs: ReadonlyMap<string, Uint8Array>): number {
  return [...xattrs.values()].reduce((sum, { length }) => sum + length, 0);
}
