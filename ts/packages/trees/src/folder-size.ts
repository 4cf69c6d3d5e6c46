// SPDX-License-Identifier: GPL-2.0
/*
 * folder-size.ts - count the files in directories, and their bytes
 */
import { type EntryKind, type Stat, joinPath } from '@anyfs/core';
import type { Files } from '@anyfs/react';
import { useEffect, useState } from 'react';

import { useBrowser } from './context.js';
import { type FileItem, isFolder, shownStat } from './item.js';
import { absolute } from './paths.js';

export interface FolderSize {
  bytes: number;
  /** Bytes of the blocks that the files occupy. */
  onDisk: number;
  files: number;
  folders: number;
  /** Files and directories that cannot be read. */
  unreadable: number;
  counting: boolean;
}

const NONE: FolderSize = {
  bytes: 0, onDisk: 0, files: 0, folders: 0, unreadable: 0, counting: true,
};
/** Milliseconds between two updates of the display. */
const INTERVAL = 100;

/**
 * Counts @items and all files below them while the component is mounted; stop() ends the counting.
 */
export function useFolderSize(items: readonly FileItem[]): { size: FolderSize; stop(): void } {
  const { files, mountPath, followSymlinks } = useBrowser();
  const [size, setSize] = useState(NONE);
  const [controller, setController] = useState<AbortController | null>(null);

  useEffect(() => {
    const stopper = new AbortController();
    setController(stopper);
    void countFiles(files, items.map((item): Found => isFolder(item, followSymlinks) ?
      { path: absolute(mountPath, item.path), kind: 'dir', stat: shownStat(item, followSymlinks) } :
      { ...item, path: absolute(mountPath, item.path) }), stopper.signal, setSize);
    return () => stopper.abort('unmount');
  }, [files, mountPath, followSymlinks, items]);
  return { size, stop: () => controller?.abort() };
}

interface Found {
  path: string;
  kind: EntryKind;
  stat?: Stat | undefined;
}

/**
 * Count @top and all files below; @show is called with the state from time to time, and at the end.
 */
export async function countFiles(files: Files, top: Found[], signal: AbortSignal,
  show: (size: FolderSize) => void): Promise<void> {
  const size = { ...NONE };
  // Bytes of a file with several hard links are counted once.
  const inodes = new Set<string>();
  const folders: string[] = [];
  let shown = performance.now();
  const add = async ({ path, kind, stat }: Found) => {
    if (kind === 'dir')
      folders.push(path);
    const attributes = stat ?? await files.stat(path);
    size[kind === 'dir' ? 'folders' : 'files']++;
    if (attributes.nlink > 1 && kind !== 'dir') {
      const inode = `${attributes.dev}:${attributes.ino}`;
      if (inodes.has(inode))
        return;
      inodes.add(inode);
    }
    size.bytes += kind === 'file' ? attributes.size : 0;
    size.onDisk += attributes.blocks * 512;
  };

  for (const one of top)
    await add(one).catch(() => size.unreadable++);
  // Do not count a single directory itself as its contents.
  if (top.length === 1)
    size.folders = 0;
  for (let path = folders.pop(); path !== undefined && !signal.aborted; path = folders.pop()) {
    try {
      for await (const some of files.list(path, signal))
        for (const entry of some)
          await add({ ...entry, path: joinPath(path, entry.name) });
    } catch {
      size.unreadable++;
    }
    if (performance.now() - shown > INTERVAL) {
      shown = performance.now();
      show({ ...size });
    }
  }
  if (signal.reason !== 'unmount')
    show({ ...size, counting: false });
}
