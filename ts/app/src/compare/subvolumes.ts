// SPDX-License-Identifier: GPL-2.0
/*
 * subvolumes.ts - find the subvolumes and snapshots of a Btrfs
 */
import type { Disk } from '@anyfs/core';

/** Inode of the root directory of each subvolume (BTRFS_FIRST_FREE_OBJECTID). */
const SUBVOLUME = 256;
/** Number of levels that are searched: snapshots are usually near the root. */
const DEPTH = 3;
/** Number of directories that are searched at most. */
const LIMIT = 1000;

/** Paths of subvolumes below @root, without @root itself. */
export async function subvolumes(disk: Disk, root: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  let listed = 0;
  const look = async (path: string, depth: number): Promise<void> => {
    const below: string[] = [];

    for await (const { path: inside, entry, stat } of disk.list(path, { signal, stats: true })) {
      if (entry.kind !== 'dir')
        continue;
      if (stat?.ino === SUBVOLUME)
        found.push(inside);
      below.push(inside);
    }
    for (const inside of below)
      if (depth < DEPTH && ++listed < LIMIT)
        await look(inside, depth + 1);
  };

  await look(root, 1);
  return found.sort();
}
