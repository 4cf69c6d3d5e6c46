// SPDX-License-Identifier: GPL-2.0
/*
 * item.ts - an entry of a directory, with its attributes and the target of a link
 */
import type { EntryKind, Stat } from '@anyfs/core';

/** The target of a symbolic link. */
export interface LinkTarget {
  /** The path that is stored in the link. */
  text: string;
  /** Attributes of the target; null: the link is broken. */
  stat: Stat | null;
}

export interface FileItem {
  name: string;
  /** Absolute; the root of the browser is "/". */
  path: string;
  kind: EntryKind;
  ino: number;
  /**
   * Attributes; for a symbolic link those of the link itself.  Absent: not loaded yet, or not
   * readable.
   */
  stat?: Stat | undefined;
  /** Target of a symbolic link.  Absent: not a symbolic link, or not loaded yet. */
  link?: LinkTarget | undefined;
}

/** Whether opening @item shows a directory. */
export function isFolder(item: FileItem, followSymlinks: boolean): boolean {
  return item.kind === 'dir' || (followSymlinks && item.link?.stat?.kind === 'dir');
}

export function isHidden({ name }: FileItem): boolean {
  return name.startsWith('.');
}

/** The attributes to show: for a link with @followSymlinks those of its target, else its own. */
export function shownStat(item: FileItem, followSymlinks: boolean): Stat | undefined {
  return (followSymlinks && item.link?.stat) || item.stat;
}
